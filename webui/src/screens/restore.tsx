// A document onto this appliance: what is meant by it, what disagrees, what it
// would do.  Everything that is decided here is kept with the import, so one can
// leave and come back.

import { useEffect, useState } from "preact/hooks";
import { apply, call, get, Problem, seg } from "../api";
import { go } from "../router";
import { appliance, bays, slots, use } from "../store";
import { num, s } from "../strings";
import { m } from "../strings_more";
import type { Answer, Plan } from "../types";
import { Addr, Ago, Banner, Btn, Field, Icon, Pick, ProblemView, State, Text, Void } from "../ui/bits";
import { Expires, PlanBody, useApply } from "../ui/plan";
import { Crumbs } from "./shell";
import { Snapshots } from "./snapshots";

interface Option { option: string; severity: "B" | "C" | "W" | null; needsValue: boolean }
export interface Conflict {
	id: string; code: string; what: string; severity: "B" | "C" | "W" | null; open: boolean; type: string; name: string;
	detail: string; options: Option[]; option: string; value: string | null; chosen: boolean;
}
interface Slot { number: number; linkWidth: number | null; serverSerial: string | null }
interface Module { name: string; model: string | null; class: string | null; serial: string | null; ports: number }
interface Match<T> { confidence: string; astray?: boolean; document: T; here: T | null }
type Maps = Record<string, Record<string, string>>;
export interface Import {
	id: string; name: string; actor: string; createdAt: string; expiresAt: string; mode: string; scope?: string;
	identities: string; select: string[]; map: Maps; kind: string; profiles: number;
	origin: { name: string; applianceUuid: string; generation: string; identityEpoch: string; exportedAt: string } | null;
	document: { contentDigest: string; signature?: { state: string; signer: string | null } };
	hardware?: { described: boolean; slots: Match<Slot>[]; modules: Match<Module>[] };
	conflicts: Conflict[]; moreConflicts: number; plan: Plan | null;
}
type Item = Omit<Import, "plan" | "conflicts"> & { plan: string | null };

const w = m.restore;

/* ------------------------------------------------------------ the document */

function Kept() {
	const [list, setList] = useState<Item[] | null>(null);
	useEffect(() => {
		get<{ items: Item[] }>("/imports").then((x) => setList(x.items), () => setList([]));
	}, []);
	if (!list?.length) return null;
	return <section class="card"><header><h2>{w.kept}</h2><span class="mut">{w.keptFor}</span></header>
		<table class="t"><thead><tr><th scope="col">{w.document}</th><th scope="col">{w.origin}</th><th scope="col">{w.mode}</th><th scope="col">{w.when}</th></tr></thead><tbody>
			{list.map((x) => <tr key={x.id}><td><a href={`/restore/${x.id}`}>{x.name}</a></td><td>{x.origin?.name ?? s.none}</td><td>{w.modes[x.mode] ?? x.mode}</td><td class="mut"><Ago at={x.createdAt} /> {x.actor}</td></tr>)}
		</tbody></table></section>;
}

function Start() {
	const [xml, setXml] = useState("");
	const [mode, setMode] = useState("merge");
	const [scope, setScope] = useState("all");
	const [identities, setIdentities] = useState("keep");
	const [select, setSelect] = useState("");
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	async function send(): Promise<void> {
		setBusy(true);
		setProblem(null);
		const names = select.split(/[\s,]+/).filter(Boolean);
		const q = new URLSearchParams({ mode, identities, ...(mode === "replace" ? { scope } : {}), ...(names.length ? { select: names.join(",") } : {}) });
		try {
			const got = await call<Import>("POST", `/imports?${q.toString()}`, xml, { type: "application/xml", key: crypto.randomUUID() });
			go(`/restore/${got.id}`);
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			setProblem(e);
			setBusy(false);
		}
	}
	return <div class="page"><div class="page-h"><h1>{w.title}</h1><div class="tools mut"><span class="row"><Icon id="lock" />{w.nothing}</span><a class="btn" href="/restore/snapshots"><Icon id="clock" />{m.snap.title}</a></div></div>
		<div class="two tight"><div class="stack">
			{problem && <ProblemView p={problem} />}
			<section class="card"><header><h2>{w.file}</h2></header><form class="form" onSubmit={(e) => {
				e.preventDefault();
				if (xml && !busy) void send();
			}}>
				<Field label={s.imp.file}>{(p) => <input type="file" class="file" id={p.id} aria-describedby={p.describedBy} accept=".xml,application/xml,text/xml" onChange={(e) => {
					const f = e.currentTarget.files?.[0];
					if (f) void f.text().then(setXml);
				}} />}</Field>
				<Field label={s.imp.text}>{(p) => <textarea class="inp code" rows={8} id={p.id} aria-describedby={p.describedBy} spellcheck={false} value={xml} onInput={(e) => setXml(e.currentTarget.value)} />}</Field>
				<Pick label={w.mode} value={mode} set={setMode} options={Object.entries(w.modes)} hint={w.modeHint[mode]} />
				{mode === "replace" && <Pick label={w.scope} value={scope} set={setScope} options={Object.entries(w.scopes)} hint={w.scopeHint} />}
				{mode !== "clone" && <Pick label={w.identities} value={identities} set={setIdentities} options={Object.entries(w.identityOf)} hint={w.identityHint[identities]} />}
				<Text label={w.select} value={select} set={setSelect} max={400} hint={w.selectHint} />
				<div class="row"><Btn kind="pri" type="submit" why={xml ? busy ? s.imp.reading : null : s.required}>{busy ? s.imp.reading : w.read}</Btn></div>
			</form></section>
		</div><div class="stack"><Kept /></div></div></div>;
}

/* ---------------------------------------------------------------- hardware */

const SURE: Record<string, string> = { exact: "bound", model: "bound", class: "drift", mapped: "drift", none: "failed" };

interface RowProps { name: string; what: string; value: string; options: [string, string][]; sure: string; why: string; set: (v: string) => void }

function MatchRow({ name, what, value, options, sure, why, set }: RowProps) {
	return <tr><td><b>{name}</b> <span class="mut">{what}</span></td>
		<td><span class="pick"><select class="inp" aria-label={w.target(name)} value={value} onChange={(e) => set(e.currentTarget.value)}>
			<option value="">{w.nowhere}</option>{options.map(([v, t]) => <option key={v} value={v}>{t}</option>)}</select><Icon id="down" /></span></td>
		<td><State is={SURE[sure] ?? "unknown"} word={w.sure[sure] ?? sure} /></td><td class="mut">{why}</td></tr>;
}

/** What is sure stands under a fold; what is not is asked first. */
function Hardware({ i, map }: { i: Import; map: (kind: string, from: string, to: string) => void }) {
	const here = use(slots) ?? [];
	const there = use(bays) ?? [];
	const h = i.hardware;
	if (!h?.described) return null;
	const bay = there.filter((b) => b.module).map((b): [string, string] => [`io${b.number}`, `io${b.number}, ${b.module?.model ?? ""}`]);
	const cards = h.modules.map((x) => ({ sure: x.confidence, row: <MatchRow key={x.document.name} name={x.document.name} what={x.document.model ?? ""} value={x.here?.name ?? ""} options={bay} sure={x.confidence}
		why={x.here ? x.here.serial === x.document.serial ? "" : w.serial(x.here.serial) : w.unplaced} set={(v) => map("modules", x.document.name, v)} /> }));
	const cables = h.slots.map((x) => ({ sure: x.confidence, row: <MatchRow key={x.document.number} name={s.slotLow(x.document.number)} what={x.document.serverSerial ?? ""} value={x.here ? String(x.here.number) : ""}
		options={here.map((v): [string, string] => [String(v.number), `${s.slotLow(v.number)}${v.label ? `, ${v.label}` : ""}`])} sure={x.confidence}
		why={x.here ? x.here.linkWidth && x.document.linkWidth && x.here.linkWidth < x.document.linkWidth ? w.narrower(x.here.linkWidth) : "" : w.unassigned} set={(v) => map("slots", String(x.document.number), v)} /> }));
	const rows = [...cards, ...cables];
	const open = rows.filter((r) => r.sure === "none" || r.sure === "class" || r.sure === "mapped");
	const sure = rows.filter((r) => !open.includes(r));
	const head = <thead><tr><th scope="col">{w.inFile}</th><th scope="col">{w.onHere}</th><th scope="col">{w.match}</th><th scope="col">{w.consequence}</th></tr></thead>;
	return <section class="card"><header><h2>{w.hardware}</h2><span class="mut">{w.hardwareText}</span></header>
		{open.length > 0 && <div class="scrollx" tabIndex={0} role="region" aria-label={w.toDecide(open.length)}><table class="t">{head}<tbody>{open.map((r) => r.row)}</tbody></table></div>}
		{sure.length > 0 && <details><summary class="fold"><Icon id="right" />{w.matched(sure.length)}</summary><div class="scrollx" tabIndex={0} role="region" aria-label={w.matched(sure.length)}><table class="t">{head}<tbody>{sure.map((r) => r.row)}</tbody></table></div></details>}
	</section>;
}

/* --------------------------------------------------------------- conflicts */

function ConflictRow({ c, choose }: { c: Conflict; choose: (option: string, value: string) => void }) {
	const [option, setOption] = useState(c.option);
	const [value, setValue] = useState(c.value ?? "");
	useEffect(() => {
		setOption(c.option);
		setValue(c.value ?? "");
	}, [c.option, c.value]);
	const needs = c.options.find((o) => o.option === option)?.needsValue ?? false;
	const label = `${c.type} ${c.name}`;
	return <tr><td><b>{c.name}</b> <span class="mut">{s.kind[c.type] ?? c.type}</span></td><td>{c.detail}<br /><span class="mono mut">{c.code}</span></td>
		<td><span class="pick"><select class="inp" aria-label={w.choose(label)} value={option} onChange={(e) => {
			const o = e.currentTarget.value;
			setOption(o);
			if (!c.options.find((x) => x.option === o)?.needsValue) choose(o, "");
		}}>{c.options.map((o) => <option key={o.option} value={o.option}>{w.options[o.option] ?? o.option}</option>)}</select><Icon id="down" /></span>
		{needs && <form class="row" onSubmit={(e) => {
			e.preventDefault();
			if (value) choose(option, value);
		}}><input class="inp" aria-label={w.valueOf(label)} value={value} placeholder={option === "rename" ? "{name}-dr" : ""} onInput={(e) => setValue(e.currentTarget.value)} /><Btn small type="submit" why={value ? null : s.required}>{w.take}</Btn></form>}</td>
		<td><State is={c.open ? "failed" : c.severity === "C" ? "drift" : "done"} word={c.open ? w.open : c.severity === "C" ? w.confirm : w.settled} /></td></tr>;
}

function Conflicts({ i, choose }: { i: Import; choose: (c: Conflict, option: string, value: string) => void }) {
	const loud = i.conflicts.filter((c) => c.severity != null || c.chosen);
	const quiet = i.conflicts.filter((c) => !loud.includes(c));
	const table = (list: Conflict[], label: string) => <div class="scrollx" tabIndex={0} role="region" aria-label={label}><table class="t"><thead><tr><th scope="col">{w.object}</th><th scope="col">{w.differs}</th><th scope="col">{w.choice}</th><th scope="col">{s.jobs.state}</th></tr></thead><tbody>
		{list.map((c) => <ConflictRow key={c.id} c={c} choose={(o, v) => choose(c, o, v)} />)}</tbody></table></div>;
	return <section class="card"><header><h2>{w.conflicts}</h2><span class="mut">{w.openOf(loud.filter((c) => c.open).length)}</span></header>
		{!i.conflicts.length && <p class="in mut">{w.none}</p>}
		{loud.length > 0 && table(loud, w.conflicts)}
		{quiet.length > 0 && <details><summary class="fold"><Icon id="right" />{w.byItself(quiet.length)}</summary>{table(quiet, w.byItself(quiet.length))}</details>}
		{i.moreConflicts > 0 && <p class="in mut">{w.more(i.moreConflicts)}</p>}
	</section>;
}

/* ------------------------------------------------------------------- names */

function Names({ i, map }: { i: Import; map: (kind: string, from: string, to: string | null) => void }) {
	const [kind, setKind] = useState("networks");
	const [from, setFrom] = useState("");
	const [to, setTo] = useState("");
	const rows = Object.entries(i.map).flatMap(([k, list]) => Object.entries(list).map(([a, b]) => [k, a, b] as const));
	return <section class="card"><details><summary class="fold"><Icon id="right" />{w.names} <span class="mut thin">{rows.length > 0 ? num(rows.length) : w.namesText}</span></summary>
		{rows.length > 0 && <table class="t"><tbody>{rows.map(([k, a, b]) => <tr key={`${k}/${a}`}><td class="mut">{w.kinds[k] ?? k}</td><td>{a}</td><td>{b || w.nowhere}</td><td><Btn kind="quiet" small icon="trash" label={w.forgetName(a)} onClick={() => map(k, a, null)} /></td></tr>)}</tbody></table>}
		<form class="in stack" onSubmit={(e) => {
			e.preventDefault();
			if (!from) return;
			map(kind, from, to);
			setFrom("");
			setTo("");
		}}>
			<Pick label={w.kindOf} value={kind} set={setKind} options={Object.entries(w.kinds)} />
			<Text label={w.inFile} value={from} set={setFrom} /><Text label={w.onHere} value={to} set={setTo} hint={w.nowhereHint} />
			<div class="row"><Btn type="submit" why={from ? null : s.required}>{w.map}</Btn></div>
		</form></details></section>;
}

/* -------------------------------------------------------------- the whole */

const SIGNED: Record<string, string> = { unsigned: "empty", known: "bound", stranger: "drift", expired: "drift", bad: "failed" };

function File({ i }: { i: Import }) {
	const o = i.origin;
	return <section class="card"><header><h2>{w.file}</h2></header><div class="in"><dl class="kv">
		<dt>{w.origin}</dt><dd>{o?.name ?? s.none}</dd>
		{o && <><dt>{w.written}</dt><dd><Ago at={o.exportedAt} /></dd><dt>{w.generation}</dt><dd>{w.epoch(o.generation, o.identityEpoch)}</dd></>}
		<dt>{w.kind}</dt><dd>{i.kind}, {w.profiles(i.profiles)}</dd>
		<dt>{w.digest}</dt><dd><Addr value={`${i.document.contentDigest.slice(0, 12)}…`} word={w.digest} /></dd>
		{i.document.signature && <><dt>{w.signature}</dt><dd><State is={SIGNED[i.document.signature.state] ?? "unknown"} word={w.signed[i.document.signature.state] ?? i.document.signature.state} /> <span class="mut">{i.document.signature.signer}</span></dd></>}
		<dt>{w.mode}</dt><dd>{w.modes[i.mode] ?? i.mode}{i.scope ? `, ${w.scopes[i.scope] ?? i.scope}` : ""}</dd>
		<dt>{w.identities}</dt><dd>{w.identityOf[i.identities] ?? i.identities}</dd>
		{i.select.length > 0 && <><dt>{w.select}</dt><dd>{i.select.join(", ")}</dd></>}
	</dl></div></section>;
}

/** One question at a time: the answer to the last one is the page. */
function Draft({ first }: { first: Import }) {
	const box = use(appliance);
	const [i, setI] = useState(first);
	const [busy, setBusy] = useState(false);
	const [origin, setOrigin] = useState("");
	const [problem, setProblem] = useState<Problem | null>(null);
	const a = useApply(i.plan, {
		title: i.plan?.sentence ?? "", replaced: (plan) => setI({ ...i, plan }), onApplied: (job) => go(job ? `/jobs/${job}` : "/"),
		apply: (p, confirm) => origin ? call<Answer>("POST", `/plans/${p.id}:apply`, { confirm, digest: p.digest, origin }, { key: crypto.randomUUID() }) : apply(p, confirm),
	});
	async function patch(body: unknown): Promise<void> {
		setBusy(true);
		setProblem(null);
		try {
			setI(await call<Import>("PATCH", `/imports/${seg(i.id)}`, body));
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			setProblem(e);
		} finally {
			setBusy(false);
		}
	}
	function map(kind: string, from: string, to: string | null): void {
		const of = { ...i.map[kind] };
		if (to == null) delete of[from];
		else of[from] = to;
		void patch({ map: { ...i.map, [kind]: of } });
	}
	const takes = i.plan?.checks.some((c) => c.code === "Takeover");
	const same = i.plan?.applicable && !i.plan.diff.length && !i.plan.steps.length;
	const title = w.onto(i.origin?.name ?? w.document, box?.name ?? "");
	return <div class="pg-col"><div class="page"><Crumbs up={[["/restore", w.title]]} here={i.name} />
		<div class="page-h"><h1>{title}</h1><div class="tools mut"><span class="row"><Icon id="lock" />{w.comeBack}</span></div></div>
		{problem && <ProblemView p={problem} />}
		<div class="stack"><div class="two" aria-busy={busy}><div class="stack">
			<Hardware i={i} map={map} />
			<Conflicts i={i} choose={(c, option, value) => void patch({ choices: [{ conflict: c.id, option, ...(value ? { value } : {}) }] })} />
			<Names i={i} map={map} />
		</div><aside class="stack" aria-label={w.file}><File i={i} />
			{takes && <section class="card"><header><h2>{w.takeover}</h2></header><div class="in stack"><p>{w.takeoverText(i.origin?.name ?? "")}</p><Text label={w.typeOrigin} value={origin} set={setOrigin} /></div></section>}
		</aside></div>
		<h2 class="vh">{w.plan}</h2>
		{i.plan ? same ? <Banner kind="ok" icon="check">{s.imp.same}</Banner> : <PlanBody plan={i.plan} a={a} /> : <Banner kind="warn" icon="clock">{s.plan.missingText}</Banner>}
	</div></div><div class="foot">{i.plan && <Expires plan={i.plan} />}<span class="r">
		<Btn kind="quiet" onClick={() => void call("DELETE", `/imports/${seg(i.id)}`).then(() => go("/restore"))}>{w.forget}</Btn>
		<Btn kind="pri" why={same ? s.plan.noChange : a.why} onClick={() => void a.run()}>{a.busy ? s.plan.applying : s.imp.apply(i.plan?.steps.length ?? 0)}</Btn></span></div></div>;
}

function Kept1({ id }: { id: string }) {
	const [got, setGot] = useState<Import | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	useEffect(() => {
		get<Import>(`/imports/${seg(id)}`).then(setGot, (e: unknown) => {
			if (e instanceof Problem) setProblem(e);
		});
	}, [id]);
	if (got) return <Draft first={got} />;
	return <div class="page"><Crumbs up={[["/restore", w.title]]} here={w.document} />{problem ? problem.status === 404 ? <Void page icon="clock" title={w.gone} text={w.goneText} /> : <ProblemView p={problem} /> : <p class="mut">{s.loading}</p>}</div>;
}

export function Restore({ id }: { id: string | undefined }) {
	return id === "snapshots" ? <Snapshots /> : id ? <Kept1 key={id} id={id} /> : <Start />;
}
