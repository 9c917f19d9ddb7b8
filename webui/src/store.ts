// What the pages know of the server, and how it stays fresh.
//
// A Resource is one GET.  The stream says that something changed; every
// resource that a page is looking at is then read again, at most once per
// frame and never twice at a time.

import { batch, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ServerClock } from "./age";
import { call, get, onUnauthorized, Problem, setCsrf } from "./api";
import { Live } from "./stream";
import type { Appliance, Bay, Fault, Job, List, Network, Pool, Port, Profile, San, SessionInfo, Slot, ViewMark } from "./types";

type Cause = "change" | "view" | "job";

const inUse = new Set<Resource<unknown>>();

export class Resource<T> {
	readonly data = signal<T | null>(null);
	readonly problem = signal<Problem | null>(null);
	private users = 0;
	private busy = false;
	private again = false;

	constructor(readonly url: string, readonly causes: readonly Cause[], private readonly pick: (v: unknown) => T = (v) => v as T) {}

	async load(): Promise<void> {
		if (this.busy) {
			this.again = true;
			return;
		}
		this.busy = true;
		try {
			const v = this.pick(await get<unknown>(this.url));
			batch(() => {
				this.data.value = v;
				this.problem.value = null;
			});
		} catch (e) {
			if (e instanceof Problem) this.problem.value = e;
			else throw e;
		} finally {
			this.busy = false;
			if (this.again) {
				this.again = false;
				void this.load();
			}
		}
	}

	hold(): () => void {
		if (this.users++ === 0) {
			inUse.add(this as Resource<unknown>);
			void this.load();
		}
		return () => {
			if (--this.users === 0) inUse.delete(this as Resource<unknown>);
		};
	}
}

const items = <T>(v: unknown): T[] => (v as List<T>).items;

export const appliance = new Resource<Appliance>("/appliance", ["change"]);
export const slots = new Resource<Slot[]>("/slots", ["change", "view", "job"], items);
export const ports = new Resource<Port[]>("/ports", ["change", "view"], items);
export const bays = new Resource<Bay[]>("/bays", ["change", "view"], items);
export const jobs = new Resource<Job[]>("/jobs?limit=50", ["change", "job"], items);
export const faults = new Resource<Fault[]>("/faults", ["change", "view", "job"], items);
export const profiles = new Resource<Profile[]>("/profiles", ["change", "job"], items);
export const networks = new Resource<Network[]>("/networks", ["change"], items);
export const sans = new Resource<San[]>("/sans", ["change"], items);
export const pools = new Resource<Pool[]>("/pools", ["change"], items);

/** Read a resource for as long as the page that asks is shown. */
export function use<T>(r: Resource<T>): T | null {
	useEffect(() => r.hold(), [r]);
	return r.data.value;
}

/* ------------------------------------------------------------------ time */

const counter = (): number => performance.now();
export const serverClock = new ServerClock(counter);
/** The server's time, one step per second: whoever reads it is drawn again. */
export const now = signal(Date.now());
export const viewMark = signal<ViewMark | null>(null);

/* ---------------------------------------------------------------- stream */

/** null: not connected yet; false: silent for too long. */
export const live = signal<boolean | null>(null);
/** When the last word of the server came, on the server's clock. */
export const lastHeard = signal(0);

const dirty = new Set<Cause>();
let frame = 0;

function flush(): void {
	frame = 0;
	const why = new Set(dirty);
	dirty.clear();
	for (const r of inUse)
		if (r.causes.some((c) => why.has(c))) void r.load();
}

function touch(cause: Cause): void {
	dirty.add(cause);
	if (frame) return;
	frame = document.hidden ? window.setTimeout(flush, 250) : requestAnimationFrame(flush);
}

export function reloadAll(): void {
	for (const r of inUse) void r.load();
}

function heard(kind: string, data: unknown): void {
	if (kind !== "tick") {
		touch(kind as Cause);
		return;
	}
	const t = data as { at: string; view?: ViewMark };
	serverClock.set(t.at);
	batch(() => {
		now.value = serverClock.now();
		lastHeard.value = now.value;
		if (t.view) viewMark.value = t.view;
	});
}

const stream = new Live({
	open: () => new EventSource("/api/v1/events") as never,
	now: counter,
	later: (fn, ms) => setTimeout(fn, ms),
	cancel: (id) => clearTimeout(id as number),
}, {
	event: heard,
	resync: reloadAll,
	state: (on) => (live.value = on),
	refused: () => void checkSession(),
});

/* --------------------------------------------------------------- session */

export const session = signal<SessionInfo | null>(null);
/** true once the first question "who am I" has been answered */
export const known = signal(false);
/** signed in before, and the server has forgotten: sign in again in place */
export const ended = signal(false);

export function enter(info: SessionInfo): void {
	setCsrf(info.csrf ?? "");
	batch(() => {
		session.value = info;
		ended.value = false;
		known.value = true;
	});
	stream.start();
	reloadAll();
}

async function checkSession(): Promise<void> {
	try {
		enter(await get<SessionInfo>("/sessions/current"));
	} catch {
		// 401 has already been dealt with; offline shows as a lost stream
	}
}

export async function start(): Promise<void> {
	onUnauthorized(() => {
		if (session.value) ended.value = true;
	});
	setInterval(() => (now.value = serverClock.now()), 1000);
	await checkSession();
	known.value = true;
	document.addEventListener("visibilitychange", hiddenTab);
	effect(() => {
		document.documentElement.classList.toggle("stale", live.value === false);
	});
}

let hidden: number | undefined;
// A browser has six connections to one host and a session four streams: a tab
// that nobody looks at gives its stream back, and reads all when it is seen.
function hiddenTab(): void {
	clearTimeout(hidden);
	if (!session.value) return;
	if (document.hidden) {
		hidden = window.setTimeout(() => {
			stream.stop();
			live.value = null;
		}, 5_000);
	} else stream.start();
}

export async function signOut(): Promise<void> {
	stream.stop();
	try {
		await call("DELETE", "/sessions/current");
	} finally {
		location.assign("/");
	}
}
