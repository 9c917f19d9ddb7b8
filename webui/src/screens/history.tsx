// What a profile was: its revisions, what each of them changed, and the way back.

import { useMemo, useState } from "preact/hooks";
import { seg } from "../api";
import { Resource, use } from "../store";
import { s } from "../strings";
import type { DiffEntry, List, Revision } from "../types";
import { Ago, Btn, ProblemView } from "../ui/bits";
import { Diff } from "../ui/plan";
import { propose } from "./actions";

/* Seen by those who come here only: not among the words of the first look. */
const t = {
	show: (v: number) => `Show what revision ${v} changed`,
	first: "It was made like this.",
	step: (a: number, b: number) => `${a} → ${b}`,
	revert: (v: number) => `Revert to ${v}…`,
	title: (p: string, v: number) => `Revert ${p} to revision ${v}`,
	go: (v: number) => `Revert to ${v}`,
};

/** From one revision to another, field by field. */
function Step({ name, from, to }: { name: string; from: number; to: number }) {
	const r = useMemo(() => new Resource<DiffEntry[]>(`/profiles/${seg(name)}/revisions/${from}:diff?against=${to}`, [], (v) => (v as { diff: DiffEntry[] }).diff), [name, from, to]);
	const diff = use(r);
	return diff ? <Diff diff={diff} /> : r.problem.value ? <ProblemView p={r.problem.value} /> : <p class="in mut">{s.loading}</p>;
}

function revert(name: string, to: number): void {
	propose(t.title(name, to), t.go(to), [{ method: "POST", path: `/profiles/${seg(name)}:revert`, body: { revision: to } }]);
}

export function History({ name }: { name: string }) {
	const r = useMemo(() => new Resource<Revision[]>(`/profiles/${seg(name)}/revisions`, ["change"], (v) => (v as List<Revision>).items), [name]);
	const all = use(r) ?? [];
	const [picked, pick] = useState<number | null>(null);
	const at = Math.max(0, all.findIndex((v) => v.revision === picked));
	const one = all[at];
	const before = all[at + 1];
	return <section class="card"><header><h2>{s.profiles.history}</h2><span class="r">{s.profiles.revisions(all.length)}</span></header>
		<div class="past"><div class="scrolly"><table class="t compact"><thead><tr><th scope="col">{s.profiles.rev}</th><th scope="col">{s.profiles.when}</th><th scope="col">{s.profiles.who}</th><th scope="col">{s.profiles.job}</th></tr></thead>
			<tbody>{all.map((v, i) => <tr key={v.revision} class={i === at ? "sel" : ""}><td><Btn small kind="quiet" label={t.show(v.revision)} pressed={i === at} onClick={() => pick(v.revision)}>{v.revision}</Btn></td><td><Ago at={v.at} /></td><td>{v.actor ?? s.none}</td><td>{v.job ? <a href={`/jobs/${v.job}`}>{s.job(v.job)}</a> : s.none}</td></tr>)}</tbody></table></div>
			{one && <div class="step"><div class="row"><span class="grow"><b>{before ? t.step(before.revision, one.revision) : s.profiles.revOf(one.revision)}</b></span>
				{at > 0 ? <Btn small icon="undo" onClick={() => revert(name, one.revision)}>{t.revert(one.revision)}</Btn> : before ? <Btn small icon="undo" onClick={() => revert(name, before.revision)}>{t.revert(before.revision)}</Btn> : null}</div>
				{before ? <Step name={name} from={before.revision} to={one.revision} /> : <p class="in mut">{t.first}</p>}</div>}</div></section>;
}
