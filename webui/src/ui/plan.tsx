// A plan in plain words, and the one way in which anything is applied.

import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { span } from "../age";
import { apply, jobOf, Problem } from "../api";
import { appliance, now, slots, use } from "../store";
import { num, s } from "../strings";
import type { Answer, Check, Device, DiffEntry, Disruption, Plan, PlanStep, Profile } from "../types";
import { Banner, Btn, Copy, Icon, ProblemView, State } from "./bits";
import { closeDialog, Dialog, openDialog } from "./dialog";
import { track } from "./toast";

/** The devices that a plan would make, as they would be; of one kind, or of all. */
export function devicesOf(plan: Plan | null, kind?: string): Device[] {
	const owners = (plan?.objects ?? []).filter((o) => o.type === "profile").map((o) => o.object as unknown as Profile);
	return (plan?.diff ?? []).filter((d) => d.op === "add" && (kind ? d.type === kind : d.type in s.kind)).flatMap((d) => {
		const p = owners.find((x) => x.name === d.of);
		return [...(p?.vnics ?? []), ...(p?.vhbas ?? []), ...(p?.vdas ?? []), ...(p?.exclusives ?? [])].filter((x) => x.name === d.name);
	});
}

/* ------------------------------------------------------------------- diff */

const SIGN: Record<DiffEntry["op"], [sign: string, cls: string]> = {
	add: ["+", "add"], change: ["~", "chg"], remove: ["−", "del"],
};

/** A value of the diff as one short text. */
export function valueText(v: unknown): string {
	if (v == null || v === "") return s.plan.empty;
	if (Array.isArray(v)) return v.length ? v.map(valueText).join(", ") : s.plan.empty;
	if (typeof v === "object") return Object.values(v).map(valueText).join(" ");
	return typeof v === "number" ? num(v) : String(v);
}

export function Diff({ diff }: { diff: DiffEntry[] }) {
	if (!diff.length) return <p class="in mut">{s.plan.noChange}</p>;
	return <div class="scrollx" tabIndex={0} role="region" aria-label={s.plan.changes}><table class="diff"><tbody>{diff.flatMap((d, i) => {
		const [sign, cls] = SIGN[d.op];
		// that a new thing has its name is said by the row itself
		const told = d.fields.filter((f) => d.op !== "add" || f.name !== "name");
		const fields = told.length ? told : [{ name: "", before: null, after: null }];
		return fields.map((f, k) => <tr key={`${i}-${k}`} class={`${cls}${k === 0 ? " next" : ""}`}>
			<td><span class="op">{sign}</span>{k === 0 ? d.name : <span class="vh">{d.name}</span>} {k === 0 && <span class="mut">{s.kind[d.type] ?? d.type}</span>}</td>
			<td>{f.name}</td>
			<td>{d.op === "change" && <><span class="old">{valueText(f.before)}</span> → </>}
				{d.op === "remove" ? <del>{f.name ? valueText(f.before) : ""}</del> : <ins>{f.name ? valueText(f.after) : ""}</ins>}</td>
		</tr>);
	})}</tbody></table></div>;
}

/* ------------------------------------------------------------------ steps */

/** "unbind, scrub, prepare 2, bind 2" */
export function verbs(steps: PlanStep[]): string {
	const runs: [string, number][] = [];
	for (const st of steps) {
		const last = runs[runs.length - 1];
		if (last && last[0] === st.verb) last[1]++;
		else runs.push([st.verb, 1]);
	}
	return runs.map(([v, k]) => k > 1 ? `${v} ${k}` : v).join(", ");
}

export function Steps({ steps }: { steps: PlanStep[] }) {
	return <section class="card"><details>
		<summary class="fold"><Icon id="right" />{s.plan.hardware} <span class="mut thin clip">{verbs(steps)}</span></summary>
		<ol class="plain">{steps.map((st) => <li key={st.seq}><span class="k">{st.seq}</span><b>{st.verb}</b><span>{st.text}</span></li>)}</ol>
	</details></section>;
}

/* ----------------------------------------------------------------- checks */

export function Checks({ checks, ticked, tick }: { checks: Check[]; ticked: string[]; tick: (code: string, on: boolean) => void }) {
	const id = useId();
	const codes = [...new Set(checks.filter((c) => c.severity === "C").map((c) => c.code))];
	const blocked = checks.filter((c) => c.severity === "B");
	const warned = checks.filter((c) => c.severity === "W");
	return <>
		{blocked.length > 0 && <section class="card bad" aria-label={s.plan.blocked}><header><h2>{s.plan.blocked}</h2></header><ul class="in items">{blocked.map((c, i) =>
			<li key={i} class="why"><Icon id="alert" /><span><b>{c.detail}</b> {c.remedy} <span class="mono">{c.code}</span></span></li>)}</ul></section>}
		{codes.length > 0 && <section class="card" aria-label={s.plan.confirm}>
			<header><h2>{s.plan.confirm}</h2><span class="r">{s.plan.confirmOf(codes.filter((c) => ticked.includes(c)).length, codes.length)}</span></header>
			<div class="in stack">{codes.map((code) => {
				const all = checks.filter((c) => c.code === code);
				return <div class="check" key={code}><input type="checkbox" id={`${id}-${code}`} checked={ticked.includes(code)} onChange={(e) => tick(code, e.currentTarget.checked)} />
					<label for={`${id}-${code}`}>{all.map((c, i) => <span key={i}><b>{c.detail}</b> {c.remedy} </span>)}<span class="mono mut">{code}</span></label></div>;
			})}</div></section>}
		{warned.map((c, i) => <Banner key={i} kind="warn" icon="info">{c.detail} {c.remedy} <span class="mono">{c.code}</span></Banner>)}
	</>;
}

/* --------------------------------------------------------------- the reach */

/** The box, small: where a plan or a job reaches. */
export function Mini({ touched, bad = [] }: { touched: number[]; bad?: number[] }) {
	const rows = use(appliance)?.faceplate?.slots.rows ?? [];
	const all = rows.flat();
	if (!all.length) return null;
	const hit = all.filter((v) => touched.includes(v));
	return <>
		<ol class={`mini c${rows[0]?.length ?? 8}`} aria-label={s.plan.mini(hit.join(", ") || s.plan.empty)}>
			{all.map((v) => <li key={v} class={bad.includes(v) ? "from" : touched.includes(v) ? "to" : ""}>{v}</li>)}</ol>
		<p class="hint"><Icon id="check" />{s.plan.untouched(all.length - hit.length)}</p>
	</>;
}

export function disruptionText(ds: Disruption[]): string {
	const real = ds.filter((d) => d.class !== "none");
	if (!real.length) return s.plan.none;
	return real.map((d) => `${s.slotLow(d.slot)}: ${d.text || s.plan.classes[d.class] || d.class}`).join("; ");
}

function slotsOf(p: Plan): number[] {
	const set = new Set(p.disruption.map((d) => d.slot));
	for (const st of p.steps) if (st.slot != null) set.add(st.slot);
	return [...set];
}

export function SlotTable({ plan }: { plan: Plan }) {
	const all = use(slots) ?? [];
	const mine = slotsOf(plan).sort((a, b) => a - b);
	if (!mine.length) return null;
	return <table class="t compact"><thead><tr><th scope="col">{s.plan.slot}</th><th scope="col">{s.jobs.state}</th><th scope="col">{s.plan.server}</th></tr></thead><tbody>
		{mine.map((v) => {
			const slot = all.find((x) => x.number === v);
			const d = plan.disruption.find((x) => x.slot === v);
			return <tr key={v}><td><b>{v}</b> <span class="mut">{slot?.label || slot?.profile?.name}</span></td><td>{slot && <State is={slot.state} seen />}</td>
				<td>{d ? d.text || s.plan.classes[d.class] : s.plan.asIs}</td></tr>;
		})}
		{all.length > mine.length && <tr><td class="mut" colSpan={2}>{s.plan.others(all.length - mine.length)}</td><td class="mut">{s.plan.asIs}</td></tr>}
	</tbody></table>;
}

/* ---------------------------------------------------------------- as code */

export function AsCode({ plan, confirm }: { plan: Plan; confirm: string[] }) {
	const base = `${location.origin}/api/v1`;
	const lines = plan.changes?.some((c) => c.path.startsWith("/imports"))
		? `curl -H "Authorization: Bearer $T" -H "Content-Type: application/xml" \\\n  --data-binary @document.xml \\\n  "${base}/imports?mode=merge"\n`
		: plan.changes?.length ? `curl -H "Authorization: Bearer $T" -H "Content-Type: application/json" \\\n  -d '${JSON.stringify({ changes: plan.changes }).replaceAll("'", "'\\''")}' \\\n  ${base}/plans\n` : "";
	const text = `${lines}curl -H "Authorization: Bearer $T" -H "Content-Type: application/json" \\\n  -d '${JSON.stringify({ confirm })}' \\\n  ${base}/plans/${plan.id}:apply`;
	return <details class="code-fold"><summary class="mut"><Icon id="code" />{s.code}</summary>
		<div class="code-box"><pre class="code" tabIndex={0} aria-label={s.plan.as}>{text}</pre><Copy text={text} what={s.plan.as} /></div></details>;
}

/* ----------------------------------------------------------------- review */

export interface Review {
	title: string;
	button: string;
	plan: Plan;
	/** Plan again, when the old one no longer stands. */
	again: () => Promise<Plan>;
	apply?: (plan: Plan, confirm: string[]) => Promise<Answer>;
	onApplied?: (job: string | null) => void;
	bad?: boolean;
}

/** Everything that decides whether a plan may be applied now. */
export function useApply(plan: Plan | null, opt: Pick<Review, "apply" | "onApplied"> & { replaced: (p: Plan) => void; title: string }) {
	const [ticked, setTicked] = useState<string[]>([]);
	const [typed, setTyped] = useState("");
	const [busy, setBusy] = useState(false);
	const [changed, setChanged] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	const need = [...new Set((plan?.checks ?? []).filter((c) => c.severity === "C").map((c) => c.code))];
	const stops = (plan?.disruption ?? []).filter((d) => d.class !== "none");
	const heavy = stops.length > 1 || stops.some((d) => d.class === "destroysData");
	const word = heavy ? s.slotLow(stops[0]?.slot ?? 0) : "";
	const old = plan?.expiresAt != null && Date.parse(plan.expiresAt) < now.value;
	const why = !plan ? s.dev.notReady
		: !plan.applicable || plan.checks.some((c) => c.severity === "B") ? s.dev.blocked
		: old ? s.plan.expired
		: need.some((c) => !ticked.includes(c)) || (heavy && typed.trim().toLowerCase() !== word) ? s.dev.confirmFirst
		: busy ? s.plan.applying : null;
	async function run(): Promise<void> {
		if (!plan || why) return;
		setBusy(true);
		setProblem(null);
		try {
			const a = await (opt.apply ?? apply)(plan, need);
			const job = jobOf(a);
			track(job, opt.title);
			opt.onApplied?.(job);
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			if (e.status === 412 && e.plan) {
				opt.replaced(e.plan);
				setTicked([]);
				setChanged(true);
			} else setProblem(e);
		} finally {
			setBusy(false);
		}
	}
	return { ticked, tick: (c: string, on: boolean) => setTicked(on ? [...ticked, c] : ticked.filter((x) => x !== c)),
		typed, setTyped, word, busy, problem, changed, why, old, run, need };
}

export function Typed({ word, typed, set }: { word: string; typed: string; set: (v: string) => void }) {
	const id = useId();
	if (!word) return null;
	return <div class="field"><label for={id}>{s.plan.type(word)}</label><input class="inp" id={id} value={typed} autocomplete="off" onInput={(e) => set(e.currentTarget.value)} /><p class="hint">{s.plan.typed}</p></div>;
}

export function Expires({ plan }: { plan: Plan }) {
	if (!plan.expiresAt) return null;
	const left = Date.parse(plan.expiresAt) - now.value;
	return <span class="mut row grow"><Icon id="clock" />{left > 0 ? s.plan.expires(span(left)) : s.plan.expired}</span>;
}

/** The whole review: what happens, where, what has to be confirmed. */
export function PlanBody({ plan, a, extra }: { plan: Plan; a: ReturnType<typeof useApply>; extra?: ComponentChildren }) {
	return <div class="two tight">
		<div class="stack">
			{a.changed && <Banner kind="warn" icon="info">{s.dev.changed}</Banner>}
			{a.problem && <ProblemView p={a.problem} />}
			<section class="card plan-say" aria-label={s.plan.inWords}><p>{plan.sentence}</p>
				<dl><div><dt>{s.plan.disruption}</dt><dd>{disruptionText(plan.disruption)}</dd></div><div><dt>{s.plan.steps}</dt><dd>{plan.steps.length}</dd></div><div><dt>{s.plan.undo}</dt><dd>{s.plan.undoYes}</dd></div></dl></section>
			<section class="card"><header><h2>{s.plan.changes}</h2><span class="r">{s.plan.generation(plan.generation)}</span></header><SlotTable plan={plan} /><Diff diff={plan.diff} /></section>
			{plan.steps.length > 0 && <Steps steps={plan.steps} />}
		</div>
		<div class="stack">
			<section class="card"><div class="in stack"><Mini touched={slotsOf(plan)} bad={plan.disruption.filter((d) => d.class !== "none").map((d) => d.slot)} /></div></section>
			<Checks checks={plan.checks} ticked={a.ticked} tick={a.tick} />
			<Typed word={a.word} typed={a.typed} set={a.setTyped} />
			{extra}
			<AsCode plan={plan} confirm={a.need} />
		</div>
	</div>;
}

function ReviewDialog(r: Review) {
	const [plan, setPlan] = useState(r.plan);
	const a = useApply(plan, { ...(r.apply ? { apply: r.apply } : {}), title: r.title, replaced: setPlan, onApplied: (job) => {
		closeDialog();
		r.onApplied?.(job);
	} });
	const same = plan.applicable && !plan.diff.length && !plan.steps.length;
	return <Dialog title={r.title} cls="wide">
		<div class="body-one"><PlanBody plan={plan} a={a} /></div>
		<div class="ft"><Expires plan={plan} /><span class="r">
			{(a.old || a.problem) && <Btn onClick={() => void r.again().then(setPlan)}>{s.plan.again}</Btn>}
			<Btn onClick={closeDialog}>{s.cancel}</Btn>
			<Btn kind={r.bad ? "bad" : "pri"} why={same ? s.plan.noChange : a.why} onClick={() => void a.run()}>{a.busy ? s.plan.applying : r.button}</Btn></span></div>
	</Dialog>;
}

function Failed({ title, problem }: { title: string; problem: Problem }) {
	return <Dialog title={title}><div class="form"><ProblemView p={problem} /></div><div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.close}</Btn></span></div></Dialog>;
}

/** Ask for a plan and show it.  The one road of every change that has no form. */
export async function review(r: Omit<Review, "plan">): Promise<void> {
	let v: VNode;
	try {
		v = <ReviewDialog {...r} plan={await r.again()} />;
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		v = <Failed title={r.title} problem={e} />;
	}
	openDialog(v);
}

/** Preview of what a form asks for, planned again as it changes. */
export function usePreview(key: string | null, ask: (signal: AbortSignal) => Promise<Plan>) {
	const [got, setGot] = useState<{ key: string; plan: Plan | null; problem: Problem | null } | null>(null);
	useEffect(() => {
		if (key == null) return;
		const stop = new AbortController();
		const id = setTimeout(() => {
			ask(stop.signal).then((plan) => setGot({ key, plan, problem: null }), (e: unknown) => {
				if (e instanceof Problem) setGot({ key, plan: null, problem: e });
			});
		}, 180);
		return () => {
			clearTimeout(id);
			stop.abort();
		};
	}, [key]);
	const fresh = key != null && got?.key === key;
	return { plan: fresh ? got.plan : null, problem: fresh ? got.problem : null, last: key == null ? null : got?.plan ?? null,
		busy: key != null && !fresh, replace: (plan: Plan) => key != null && setGot({ key, plan, problem: null }) };
}
