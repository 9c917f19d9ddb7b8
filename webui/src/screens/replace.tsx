// A card is replaced: whom it concerns, what differs, and the next step.  What is
// done is what the box says; this page remembers nothing.

import { useMemo } from "preact/hooks";
import { Resource, use } from "../store";
import { num, s } from "../strings";
import { m } from "../strings_more";
import type { Bay, Card, Replacement } from "../types";
import { Banner, Btn, Icon, State } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { propose } from "./actions";

const w = m.replace;

const of = (bay: string): Resource<Replacement> =>
	new Resource<Replacement>(`/bays/${bay}/replacement`, ["change", "view", "job"], (v) => v as Replacement);

const named = (c: Card | null): string => c ? `${c.model ?? c.pciId}${c.serial ? ` ${c.serial}` : ""}` : w.empty;
const value = (v: unknown): string => typeof v === "number" ? num(v) : v == null ? s.none : String(v);

function Differences({ r }: { r: Replacement }) {
	return <table class="t"><thead><tr><th scope="col"><span class="vh">{w.what}</span></th><th scope="col">{w.before}</th><th scope="col">{w.after}</th></tr></thead>
		<tbody>{r.differences.map((d) => <tr key={d.name}><td>{w.names[d.name] ?? d.name}</td><td class="mono">{value(d.before)}</td><td class="mono">{value(d.after)}</td></tr>)}</tbody></table>;
}

function Concerned({ r }: { r: Replacement }) {
	if (!r.profiles.length) return <p class="mut">{w.nobody}</p>;
	return <table class="t"><thead><tr><th scope="col">{w.profile}</th><th scope="col">{w.slot}</th><th scope="col">{w.devices}</th><th scope="col">{w.path}</th></tr></thead>
		<tbody>{r.profiles.map((p) => <tr key={p.name}><td><b>{p.name}</b></td><td>{p.slot}</td><td>{p.devices.map((d) => d.name).join(", ")}</td>
			<td>{p.losesAllPaths ? <State is="failed" word={w.loses} seen /> : <State is="bound" word={w.second(p.devices.map((d) => d.secondPath).join(", "))} seen />}</td></tr>)}</tbody></table>;
}

function Replace({ bay }: { bay: string }) {
	const r = use(useMemo(() => of(bay), [bay]));
	const again = (): void => openDialog(<Replace bay={bay} />);
	if (!r) return <Dialog title={w.title(bay)}><p class="in mut">{s.loading}</p></Dialog>;
	const [first, ...others] = r.next;
	const go = (n: Replacement["next"][number]): void => {
		if (n.path) propose(w.steps[n.step]?.(bay) ?? n.step, w.steps[n.step]?.(bay) ?? n.step, [{ method: "POST", path: n.path, body: {} }], { onApplied: again });
	};
	return <Dialog title={w.title(bay)} cls="medium">
		<div class="form">
			<dl class="kv"><dt>{w.former}</dt><dd>{named(r.former)}</dd><dt>{w.present}</dt><dd>{named(r.present)}</dd>
				<dt>{w.service}</dt><dd>{w.services[r.service] ?? r.service}</dd>
				{r.elsewhere && <><dt>{w.elsewhere}</dt><dd>{w.isIn(r.elsewhere)}</dd></>}</dl>
			{!r.same && r.present && <><Differences r={r} /><p class="why"><Icon id="info" /><span>{w.sees(r.server)}</span></p></>}
			<Concerned r={r} />
			{first && <Banner kind={r.present && !r.sameClass ? "bad" : "info"} icon="chip">{first.text}.</Banner>}
		</div>
		<div class="ft">{others.filter((n) => n.path).map((n) => <Btn key={n.step} kind="quiet" onClick={() => go(n)}>{w.steps[n.step]?.(bay)}</Btn>)}
			<span class="r"><Btn onClick={closeDialog}>{s.close}</Btn>{first?.path && <Btn kind="pri" onClick={() => go(first)}>{w.steps[first.step]?.(bay)}</Btn>}</span></div>
	</Dialog>;
}

/** What is wanted of a bay, in a row of the table, and the way to replace its card. */
export function BayService({ bay }: { bay: Bay }) {
	return <>{bay.service && bay.service !== "none" && <small><State is="maintenance" word={w.services[bay.service]} seen /></small>}
		<Btn kind="quiet" small onClick={() => openDialog(<Replace bay={bay.name} />)} label={w.title(bay.name)}>{w.button}</Btn></>;
}
