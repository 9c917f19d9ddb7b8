// The one door to the server.  Every refusal becomes a Problem with all that
// the server said; nothing is retried here, nothing is kept.

import type { Answer, Change, Imported, Plan, ProblemItem } from "./types";
import { s } from "./strings";

const BASE = "/api/v1";

export class Problem extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		readonly title: string,
		readonly detail: string,
		readonly errors: ProblemItem[] = [],
		readonly plan: Plan | null = null,
	) {
		super(detail || title);
	}
}

let csrf = "";
let unauthorized: () => void = () => {};

/** The token that every change of a cookie session carries. */
export function setCsrf(token: string): void {
	csrf = token;
}

/** Called when the server no longer knows who we are. */
export function onUnauthorized(fn: () => void): void {
	unauthorized = fn;
}

interface Options {
	signal?: AbortSignal;
	accept?: string;
	type?: string;
	key?: string;
}

async function problemOf(r: Response): Promise<Problem> {
	let b: Record<string, unknown> = {};
	try {
		b = await r.json() as Record<string, unknown>;
	} catch {
		// not ours (a proxy, a cut connection): the status is all there is
	}
	return new Problem(r.status, String(b.code ?? r.status), String(b.title ?? r.statusText),
		String(b.detail ?? ""), (b.errors as ProblemItem[] | undefined) ?? [],
		(b.plan as Plan | undefined) ?? null);
}

async function send(method: string, path: string, body: unknown, opt: Options): Promise<Response> {
	const headers: Record<string, string> = { Accept: opt.accept ?? "application/json" };
	const change = method !== "GET";
	if (change && csrf) headers["X-Polyroot-CSRF"] = csrf;
	if (opt.key) headers["Idempotency-Key"] = opt.key;
	if (body !== undefined) headers["Content-Type"] = opt.type ?? "application/json";
	const payload = body === undefined ? null
		: opt.type ? body as string : JSON.stringify(body);
	let r: Response;
	try {
		r = await fetch(BASE + path, { method, headers, body: payload, credentials: "same-origin",
			cache: "no-store", signal: opt.signal ?? null });
	} catch (e) {
		if (e instanceof DOMException && e.name === "AbortError") throw e;
		throw new Problem(0, "Offline", s.offline.title, s.offline.detail);
	}
	if (r.ok) return r;
	if (r.status === 401 && path !== "/sessions") unauthorized();
	throw await problemOf(r);
}

export async function call<T>(method: string, path: string, body?: unknown, opt: Options = {}): Promise<T> {
	const r = await send(method, path, body, opt);
	return (r.status === 204 ? null : await r.json()) as T;
}

export const get = <T>(path: string, opt?: Options): Promise<T> => call<T>("GET", path, undefined, opt);

/** An object as the server writes it in another format. */
export async function text(path: string, accept: string): Promise<string> {
	return (await send("GET", path, undefined, { accept })).text();
}

/** What would happen.  Holds nothing; its id can be applied for 15 minutes. */
export function preview(changes: Change[], signal?: AbortSignal): Promise<Plan> {
	return call<Plan>("POST", "/plans?dryRun=true", { changes }, signal ? { signal } : {});
}

/** A stored plan whose addresses stay reserved. */
export function store(changes: Change[], reserve: string): Promise<Plan> {
	return call<Plan>("POST", "/plans", { changes, reserve }, { key: crypto.randomUUID() });
}

export function apply(plan: Plan, confirm: string[]): Promise<Answer> {
	return call<Answer>("POST", `/plans/${plan.id}:apply`, { confirm, digest: plan.digest },
		{ key: crypto.randomUUID() });
}

export function previewUndo(job: string): Promise<Plan> {
	return call<Plan>("POST", `/jobs/${job}:undo?dryRun=true`, {});
}

export function undo(job: string, confirm: string[]): Promise<Answer> {
	const q = confirm.length ? `?confirm=${confirm.join(",")}` : "";
	return call<Answer>("POST", `/jobs/${job}:undo${q}`, {}, { key: crypto.randomUUID() });
}

/** What becomes of a rollback that failed. */
export function decide(job: string, what: "cancel" | "retry" | "abandon"): Promise<unknown> {
	return call("POST", `/jobs/${job}:${what}`, {}, { key: crypto.randomUUID() });
}

export function ackFault(id: string): Promise<unknown> {
	return call("POST", `/faults/${seg(id)}:ack`, {});
}

export function importXml(xml: string): Promise<Imported> {
	return call<Imported>("POST", "/imports?mode=merge", xml, { type: "application/xml" });
}

/** An import without a document: of what the switch shows. */
export function importSeen(query: string): Promise<Imported> {
	return call<Imported>("POST", `/imports?${query}`);
}

export function locate(slot: number, on: boolean): Promise<unknown> {
	return call("POST", `/slots/${slot}:locate`, { on });
}

/** The job that an answer started, if any. */
export function jobOf(a: Answer | null): string | null {
	const j = a?.job;
	return j == null ? null : typeof j === "object" ? j.id : String(j);
}

/** A name as one piece of a path. */
export const seg = encodeURIComponent;
