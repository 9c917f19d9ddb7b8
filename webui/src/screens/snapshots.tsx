// Whole configurations that one can go back to: those that the appliance keeps, and
// the files that it writes by the clock.  Going back is a restore: an import with its
// plan, which is read before anything is written.

import { useEffect, useState } from "preact/hooks";
import { call, get, Problem, seg } from "../api";
import { go } from "../router";
import { num, s } from "../strings";
import { m } from "../strings_more";
import type { DiffEntry } from "../types";
import { Ago, Banner, Btn, ProblemView, State, Text, Void } from "../ui/bits";
import { Diff } from "../ui/plan";
import { Crumbs } from "./shell";

interface Snapshot { id: string; at: string; generation: number; contentDigest: string; reason: string; actor: string; pinned: boolean; bytes: number }
interface Backups { items: { name: string; at: string; bytes: number }[]; error: string | null; stale: boolean; directory: string; lastAt: string | null; nextAt: string | null }

const w = m.snap;
const size = (bytes: number): string => bytes < 10240 ? `${num(bytes)} B` : `${num(Math.round(bytes / 1024))} KiB`;

/** What failed is shown; whoever asked sees the page as it is now. */
function useAct(again: () => void): [Problem | null, string | null, (what: string, work: () => Promise<unknown>) => Promise<void>] {
	const [problem, setProblem] = useState<Problem | null>(null);
	const [busy, setBusy] = useState<string | null>(null);
	return [problem, busy, async (what, work) => {
		setBusy(what);
		setProblem(null);
		try {
			await work();
			again();
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			setProblem(e);
		} finally {
			setBusy(null);
		}
	}];
}

/* --------------------------------------------------------------- snapshots */

function Compared({ of }: { of: Snapshot }) {
	const [diff, setDiff] = useState<DiffEntry[] | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	useEffect(() => {
		setDiff(null);
		get<{ diff: DiffEntry[] }>(`/snapshots/${seg(of.id)}:diff?against=now`).then((x) => setDiff(x.diff), (e: unknown) => {
			if (e instanceof Problem) setProblem(e);
		});
	}, [of.id]);
	return <section class="card"><header><h2>{w.since(of.id)}</h2><span class="mut">{diff ? w.differs(diff.length) : ""}</span></header>
		{problem ? <ProblemView p={problem} /> : diff ? diff.length ? <Diff diff={diff} /> : <p class="in mut">{w.same}</p> : <p class="in mut">{s.loading}</p>}</section>;
}

function Row({ x, shown, busy, look, act }: { x: Snapshot; shown: boolean; busy: string | null; look: () => void; act: (what: string, work: () => Promise<unknown>) => Promise<void> }) {
	const path = `/snapshots/${seg(x.id)}`;
	const wait = busy ? s.loading : null;
	return <tr><td>{x.id}{x.pinned && <> <State is="spare" word={w.pinned} /></>}</td><td><Ago at={x.at} /></td><td>{w.reasons[x.reason] ?? x.reason} <span class="mut">{x.actor !== x.reason ? x.actor : ""}</span></td><td>{num(x.generation)}</td><td class="mut">{size(x.bytes)}</td>
		<td><span class="row">
			<Btn small icon="eye" pressed={shown} label={w.compare(x.id)} onClick={look} />
			<Btn small icon="tag" pressed={x.pinned} label={w.pin(x.id)} why={wait} onClick={() => void act("pin", () => call("PATCH", path, { pinned: !x.pinned }))} />
			<Btn small icon="trash" kind="quiet" label={w.forget(x.id)} why={x.pinned ? w.unpinFirst : wait} onClick={() => void act("forget", () => call("DELETE", path))} />
			<Btn small why={wait} onClick={() => void act("restore", async () => {
				const got = await call<{ id: string }>("POST", `${path}:restore`, undefined, { key: crypto.randomUUID() });
				go(`/restore/${got.id}`);
			})}>{busy === "restore" ? s.imp.reading : w.restore(x.id)}</Btn></span></td></tr>;
}

function List() {
	const [list, setList] = useState<Snapshot[] | null>(null);
	const [shown, setShown] = useState("");
	const [reason, setReason] = useState("");
	const [told, setTold] = useState("");
	const load = (): void => void get<{ items: Snapshot[] }>("/snapshots?limit=1024").then((x) => setList(x.items), () => setList([]));
	const [problem, busy, act] = useAct(load);
	useEffect(load, []);
	const of = list?.find((x) => x.id === shown);
	return <div class="stack">{problem && <ProblemView p={problem} />}
		<section class="card"><header><h2>{w.snapshots}</h2><span class="mut">{w.kept}</span></header>
			{list && !list.length && <Void icon="clock" title={w.none} text={w.noneText} />}
			{list != null && list.length > 0 && <div class="scrollx" tabIndex={0} role="region" aria-label={w.snapshots}><table class="t"><thead><tr><th scope="col">{w.number}</th><th scope="col">{w.taken}</th><th scope="col">{w.why}</th><th scope="col">{w.generation}</th><th scope="col">{w.size}</th><th scope="col"><span class="vh">{w.actions}</span></th></tr></thead>
				<tbody>{list.map((x) => <Row key={x.id} x={x} shown={x.id === shown} busy={busy} act={act} look={() => setShown(x.id === shown ? "" : x.id)} />)}</tbody></table></div>}
			<form class="in row end" onSubmit={(e) => {
				e.preventDefault();
				if (!busy) void act("take", async () => {
					const got = await call<Snapshot>("POST", "/snapshots", reason ? { reason } : {}, { key: crypto.randomUUID() });
					setTold(list?.some((x) => x.id === got.id) ? w.already(got.id) : w.took(got.id));
					setReason("");
				});
			}}><Text label={w.reason} value={reason} set={setReason} hint={told || w.reasonHint} /><Btn kind="pri" type="submit" icon="plus" why={busy ? s.loading : null}>{w.take}</Btn></form>
		</section>
		{of && <Compared of={of} />}</div>;
}

/* ----------------------------------------------------------------- backups */

function Health({ b }: { b: Backups }) {
	if (b.error) return <Banner kind="bad" icon="alert"><b>{w.failed}</b> {b.error}</Banner>;
	if (b.stale) return <Banner kind="warn" icon="alert">{w.stale}</Banner>;
	return b.items.length ? <Banner kind="ok" icon="check">{w.good}</Banner> : null;
}

function Files() {
	const [b, setB] = useState<Backups | null>(null);
	const load = (): void => void get<Backups>("/backups").then(setB, () => {});
	const [problem, busy, act] = useAct(load);
	useEffect(load, []);
	return <section class="card"><header><h2>{w.backups}</h2><span class="mut">{w.backupsText}</span></header><div class="in stack">
		{problem && <ProblemView p={problem} />}
		{b && <Health b={b} />}
		{b && <dl class="kv"><dt>{w.last}</dt><dd><Ago at={b.lastAt} /></dd><dt>{w.next}</dt><dd>{b.nextAt ? <time dateTime={b.nextAt}>{b.nextAt.slice(0, 16).replace("T", " ")} UTC</time> : w.never}</dd><dt>{w.directory}</dt><dd class="mono">{b.directory || s.none}</dd></dl>}
		<div class="row"><Btn icon="save" why={busy ? w.writing : null} onClick={() => void act("write", () => call("POST", "/backups"))}>{busy ? w.writing : w.write}</Btn></div></div>
		{b != null && b.items.length > 0 && <div class="scrollx" tabIndex={0} role="region" aria-label={w.files}><table class="t"><thead><tr><th scope="col">{w.file}</th><th scope="col">{w.written}</th><th scope="col">{w.size}</th></tr></thead>
			<tbody>{b.items.map((x) => <tr key={x.name}><td class="mono">{x.name}</td><td><Ago at={x.at} /></td><td class="mut">{size(x.bytes)}</td></tr>)}</tbody></table></div>}
	</section>;
}

export function Snapshots() {
	return <div class="page"><Crumbs up={[["/restore", m.restore.title]]} here={w.title} /><div class="page-h"><h1>{w.title}</h1></div>
		<div class="stack"><List /><Files /></div></div>;
}
