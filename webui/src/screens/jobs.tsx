// Jobs: what was done, step by step, how it ended, and the way back.

import { useMemo } from "preact/hooks";
import { span, timeOf, took } from "../age";
import { decide, Problem, seg } from "../api";
import { jobs, now, Resource, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Job, JobStep } from "../types";
import { Ago, Bar, Btn, copyText, Glyph, Icon, lookOf, ProblemView, say, State, Void, wordOf } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { Diff, Mini } from "../ui/plan";
import { doneOf, endedJob, sizeOf } from "../ui/toast";
import { startUndo } from "../ui/undo";
import { Crumbs } from "./shell";

/** Why a job cannot be undone now; null when it can. */
function noUndo(j: Job): string | null {
	if (!endedJob(j)) return s.jobs.undoRunning;
	return j.undo?.possible ? null : j.undo?.why ?? s.jobs.cannot;
}

export function Jobs() {
	const all = use(jobs);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.jobs.title}</h1></div>
		<section class="card">{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="jobs" title={s.jobs.none} text={s.jobs.noneText} /> :
			<table class="t"><thead><tr><th scope="col">{s.jobs.id}</th><th scope="col">{s.jobs.what}</th><th scope="col">{s.jobs.slots}</th><th scope="col">{s.jobs.state}</th><th scope="col">{s.jobs.who}</th><th scope="col">{s.jobs.when}</th><th scope="col"><span class="vh">{s.jobs.undoCol}</span></th></tr></thead>
				<tbody>{all.map((j) => <tr key={j.id}><td><a href={`/jobs/${j.id}`}><b>{j.id}</b></a></td><td>{j.title}</td><td>{j.slots?.join(", ") || s.none}</td><td><State is={j.state} /></td><td>{j.actor ?? s.none}</td><td class="mut"><Ago at={j.createdAt} /></td>
					<td class="num"><Btn small icon="undo" why={noUndo(j)} onClick={() => startUndo(j.id)}>{s.jobs.undo}</Btn></td></tr>)}</tbody></table>}</section>
	</div>;
}

/* -------------------------------------------------------------- one job */

const CLS: Record<string, string> = { done: "done", intent: "now", failed: "bad", planned: "todo" };

function Step({ st, from, all }: { st: JobStep; from: number; all: number }) {
	const a = st.startedAt ? Date.parse(st.startedAt) : NaN;
	const b = st.endedAt ? Date.parse(st.endedAt) : st.state === "intent" ? now.value : NaN;
	const x = Number.isFinite(a) ? 100 * (a - from) / all : 0;
	const w = Number.isFinite(a) && Number.isFinite(b) ? Math.max(1.5, 100 * (b - a) / all) : 0;
	return <li class={CLS[st.state] ?? "todo"}><span class="k">{st.seq}</span>
		<span class="m"><span class={lookOf(st.state)[1]}><Glyph id={lookOf(st.state)[0]} /></span><span class="vh">{wordOf(st.state)}</span></span>
		<span><b>{st.verb}</b> {st.text}</span>
		<svg class="gantt" aria-hidden="true"><rect x={`${Math.min(98, Math.max(0, x))}%`} width={`${Math.min(100, w)}%`} height="100%" rx="1" /></svg>
		<small>{st.startedAt ? timeOf(st.startedAt) : ""}</small><span class="d">{took(b - a)}</span></li>;
}

function StepList({ job }: { job: Job }) {
	const all = job.steps ?? [];
	const times = all.flatMap((x) => [x.startedAt, x.endedAt]).filter((t): t is string => !!t).map((t) => Date.parse(t));
	const from = Math.min(...times);
	const to = endedJob(job) ? Math.max(...times) : now.value;
	const log = all.map((x) => `${x.seq}\t${wordOf(x.state)}\t${x.verb}\t${x.text}\t${x.startedAt ?? ""}\t${x.endedAt ?? ""}`).join("\n");
	const size = sizeOf(job);
	const forward = all.filter((x) => x.phase !== "rollback");
	const back = all.filter((x) => x.phase === "rollback");
	const list = (xs: JobStep[]) => <ol class="steps">{xs.map((x) => <Step key={`${x.phase}${x.seq}`} st={x} from={from} all={Math.max(1, to - from)} />)}</ol>;
	return <section class="card"><header><h2>{s.jobs.steps}</h2><span class="mut">{s.jobs.of(doneOf(job), size)}</span>{all.length > 0 && <span class="r"><Btn kind="quiet" small icon="copy" onClick={() => void copyText(log)}>{s.jobs.copyLog}</Btn></span>}</header>
		{size > 0 && <div class="prog"><Bar parts={[["add", 100 * doneOf(job) / size]]} /></div>}
		{!all.length && <p class="in mut">{s.jobs.noSteps}</p>}
		{list(forward)}{back.length > 0 && <><h3 class="in cap">{s.jobs.rollback}</h3>{list(back)}</>}</section>;
}

function Outcomes({ job }: { job: Job }) {
	const rows: [Job["state"], string][] = [["applied", s.jobs.applied], ["rolledBack", s.jobs.rolledBack], ["rollbackFailed", s.jobs.rollbackFailed]];
	return <section class="card"><header><h2>{s.jobs.outcome}</h2><span class="r">{s.jobs.oneOf}</span></header><table class="t compact"><thead class="vh"><tr><th scope="col">{s.jobs.state}</th><th scope="col">{s.jobs.what}</th></tr></thead><tbody>
		{rows.map(([k, t]) => <tr key={k} class={job.state === k ? "sel" : ""} aria-current={job.state === k ? "true" : undefined}><td class="nowrap"><State is={k} /></td><td>{t}</td></tr>)}</tbody></table></section>;
}

/* ------------------------------------------ a rollback that failed */

async function settle(r: Resource<Job>, job: string, what: "cancel" | "retry" | "abandon"): Promise<void> {
	try {
		await decide(job, what);
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		say(e.message);
	}
	await r.load();
}

function Stuck({ job, r }: { job: Job; r: Resource<Job> }) {
	const ask = (): void => openDialog(<Dialog title={s.jobs.abandonTitle(job.id)} cls="narrow">
		<p class="in pad-b">{s.jobs.abandonText}</p>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="bad" onClick={() => {
			closeDialog();
			void settle(r, job.id, "abandon");
		}}>{s.jobs.abandonGo}</Btn></span></div></Dialog>);
	return <section class="card" aria-label={s.jobs.stuck}><header><h2>{s.jobs.stuck}</h2></header><div class="in stack near">
		<p class="why"><Icon id="lock" /><span>{s.jobs.stuckText}</span></p>
		<p class="row"><Btn icon="undo" kind="pri" onClick={() => void settle(r, job.id, "retry")}>{s.jobs.retry}</Btn><Btn icon="x" kind="bad" onClick={ask}>{s.jobs.abandon}</Btn></p></div></section>;
}

export function JobPage({ id }: { id: string }) {
	const r = useMemo(() => new Resource<Job>(`/jobs/${seg(id)}`, ["change", "job"]), [id]);
	const j = use(r);
	if (!j) return <div class="page"><Crumbs up={[["/jobs", s.jobs.title]]} here={s.job(id)} />{r.problem.value ? r.problem.value.status === 404 ? <Void page icon="jobs" title={s.jobs.missing(id)} text={r.problem.value.detail} /> : <ProblemView p={r.problem.value} /> : <p class="mut">{s.loading}</p>}</div>;
	const end = j.endedAt ? Date.parse(j.endedAt) : now.value;
	const why = noUndo(j);
	return <div class="page"><Crumbs up={[["/jobs", s.jobs.title]]} here={s.job(j.id)} />
		<div class="page-h"><h1>{j.title}</h1><State is={j.state} pill /><div class="tools">{!endedJob(j) && <Btn icon="x" why={j.cancel?.why} onClick={() => void settle(r, j.id, "cancel")}>{m.job.cancel}</Btn>}<Btn icon="undo" why={why} onClick={() => startUndo(j.id)}>{s.jobs.undo}</Btn></div></div>
		<div class="two"><div class="stack">
			{j.error && <div class="banner bad" role="alert"><Icon id="alert" /><div><b>{s.jobs.error}:</b> {j.error.detail} <span class="mono">{j.error.code}</span></div></div>}
			{j.state === "rollbackFailed" && j.holds && <Stuck job={j} r={r} />}
			<StepList job={j} />
			{!!j.diff?.length && <section class="card"><header><h2>{j.state === "applied" ? s.jobs.changes : s.jobs.asked}</h2></header><Diff diff={j.diff} /></section>}
			<Outcomes job={j} /></div>
			<aside class="stack" aria-label={s.jobs.details}>
				<section class="card"><div class="in stack"><Mini touched={j.slots ?? []} /></div></section>
				<section class="card"><div class="in"><dl class="kv"><dt>{s.jobs.started}</dt><dd><Ago at={j.createdAt} /> {j.actor ? s.jobs.by(j.actor) : ""}</dd><dt>{s.jobs.took}</dt><dd>{endedJob(j) ? took(end - Date.parse(j.startedAt ?? j.createdAt)) : span(end - Date.parse(j.startedAt ?? j.createdAt))}</dd><dt>{s.jobs.kind}</dt><dd>{j.kind}</dd>{j.generation != null && <><dt>{s.jobs.gen}</dt><dd>{j.generation}</dd></>}</dl></div></section>
				<section class="card"><header><h2>{s.jobs.undoTitle}</h2></header><div class="in stack near">
					<p class="why"><Icon id={why ? "lock" : "undo"} /><span>{why ?? s.jobs.undoYes}</span></p>
					{j.undoes && <p class="why"><Icon id="undo" /><a href={`/jobs/${j.undoes}`}>{s.jobs.undoes(j.undoes)}</a></p>}
					{j.undoneBy && <p class="why"><Icon id="undo" /><a href={`/jobs/${j.undoneBy}`}>{s.jobs.undoneBy(j.undoneBy)}</a></p>}
					{!endedJob(j) && <p class="why"><Icon id="info" /><span>{s.jobs.closeIt}</span></p>}</div></section>
			</aside></div>
	</div>;
}
