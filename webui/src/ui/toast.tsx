// What was just started, until it has ended and half a minute longer: its
// steps, and the way back.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { go } from "../router";
import { jobs, use } from "../store";
import { s } from "../strings";
import type { Job } from "../types";
import { Btn, State, Ticks } from "./bits";
import { later } from "../lazy";

interface Tracked { job: string | null; title: string }
const tracked = signal<Tracked | null>(null);
const STAYS = 30_000;

export function track(job: string | null, title: string): void {
	tracked.value = { job, title };
	void jobs.load();
}

export const endedJob = (j: Job): boolean => j.state === "applied" || j.state === "rolledBack" || j.state === "rollbackFailed";
export const doneOf = (j: Job): number => j.steps ? j.steps.filter((x) => x.state === "done" && x.phase !== "rollback").length : j.done ?? 0;
export const sizeOf = (j: Job): number => j.steps ? j.steps.filter((x) => x.phase !== "rollback").length : j.of ?? 0;

export function Toast() {
	const t = tracked.value;
	const all = use(jobs);
	const job = t?.job ? all?.find((j) => j.id === t.job) ?? null : null;
	const over = !!t && (!t.job || (job != null && endedJob(job)));
	useEffect(() => {
		if (!over) return;
		const id = setTimeout(() => (tracked.value = null), STAYS);
		return () => clearTimeout(id);
	}, [t, over]);
	const dismiss = (): void => {
		tracked.value = null;
	};
	return <div class="toasts" role="status">{t && <div class="toast">
		<div class="row"><b class="grow clip">{t.title}</b><Btn kind="quiet" small icon="x" label={s.toast.dismiss} onClick={dismiss} /></div>
		<div class="row">{job ? <State is={job.state} /> : <span class="mut">{t.job ? s.toast.started : s.toast.nothing}</span>}
			{job && sizeOf(job) > 0 && !endedJob(job) && <Ticks done={doneOf(job)} of={sizeOf(job)} running />}
			<span class="grow" />
			{t.job && <Btn small kind="quiet" onClick={() => {
				go(`/jobs/${t.job}`);
				dismiss();
			}}>{s.toast.details}</Btn>}
			{job && endedJob(job) && <Btn small icon="undo" why={job.undo?.possible ? null : job.undo?.why ?? s.jobs.cannot} onClick={() => {
				dismiss();
				later((m) => m.startUndo(job.id));
			}}>{s.toast.undo}</Btn>}
		</div></div>}</div>;
}
