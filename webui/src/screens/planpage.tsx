// A stored plan on a page of its own: its addresses are reserved until it ends.

import { useEffect, useState } from "preact/hooks";
import { get, Problem, seg } from "../api";
import { go } from "../router";
import { s } from "../strings";
import type { Plan } from "../types";
import { Addr, Btn, ProblemView, Void } from "../ui/bits";
import { devicesOf, Expires, PlanBody, useApply } from "../ui/plan";
import { Crumbs } from "./shell";

export function PlanPage({ id }: { id: string }) {
	const [plan, setPlan] = useState<Plan | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	useEffect(() => {
		get<Plan>(`/plans/${seg(id)}`).then(setPlan, (e: unknown) => {
			if (e instanceof Problem) setProblem(e);
		});
	}, [id]);
	const a = useApply(plan, { title: plan?.sentence ?? "", replaced: setPlan, onApplied: (job) => go(job ? `/jobs/${job}` : "/") });
	const crumbs = <Crumbs up={[["/", s.rack.title]]} here={s.plan.crumb} />;
	if (!plan) return <div class="page">{crumbs}{problem ? problem.status === 404 ? <Void page icon="clock" title={s.plan.missing} text={s.plan.missingText} /> : <ProblemView p={problem} /> : <p class="mut">{s.loading}</p>}</div>;
	const made = devicesOf(plan).filter((d) => d.mac ?? d.wwpn);
	return <div class="pg-col"><div class="page">{crumbs}<div class="page-h"><h1>{s.plan.storedTitle}</h1></div>
		<PlanBody plan={plan} a={a} extra={made.length > 0 && <section class="card"><div class="in"><ul class="macs">{made.map((d) => <li key={d.name}><span class="mono mut">{d.name}</span><Addr value={d.mac ?? d.wwpn ?? ""} word={s.profiles.address} /></li>)}</ul></div></section>} /></div>
		<div class="foot"><Expires plan={plan} /><span class="r"><Btn kind="pri" why={a.why} onClick={() => void a.run()}>{s.plan.applySteps(plan.steps.length)}</Btn></span></div></div>;
}
