// If its server fails: what a profile's policy is, and who would take over now.

import { useMemo, useState } from "preact/hooks";
import { seg } from "../api";
import { Resource, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Profile, Spare } from "../types";
import { Btn, Icon, Pick, Text } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { propose } from "./actions";

/** The spares of a profile as GET /spares ranks them. */
export const sparesOf = (profile: string): Resource<Spare[]> =>
	new Resource<Spare[]>(`/spares?profile=${seg(profile)}`, ["change", "view", "job"], (v) => (v as { items: Spare[] }).items);

const UNITS: [RegExp, number][] = [[/(\d+)D/, 86400], [/T.*?(\d+)H/, 3600], [/T.*?(\d+)M/, 60], [/T.*?(\d+)S/, 1]];

/** Seconds of an ISO 8601 duration, as the API writes them. */
export const seconds = (iso: string): number => UNITS.reduce((t, [re, n]) => t + n * Number(re.exec(iso)?.[1] ?? 0), 0);

const words = (iso: string): string => {
	const t = seconds(iso);
	return t % 3600 === 0 && t ? m.fail.hours(t / 3600) : t % 60 === 0 ? m.fail.minutes(t / 60) : m.fail.seconds(t);
};

function Edit({ p }: { p: Profile }) {
	const now = p.failover;
	const [trigger, setTrigger] = useState(now.trigger);
	const [hold, setHold] = useState(String(seconds(now.hold)));
	const [cool, setCool] = useState(String(seconds(now.cooldown)));
	const bad = [hold, cool].every((x) => /^\d{1,8}$/.test(x)) ? null : m.fail.number;
	return <Dialog title={m.fail.edit(p.name)} cls="narrow">
		<form class="form" id="f-fail" onSubmit={(e) => {
			e.preventDefault();
			if (bad) return;
			closeDialog();
			propose(m.fail.edit(p.name), m.fail.go, [{ method: "PATCH", path: `/profiles/${seg(p.name)}`, body: { failover: { trigger, hold: `PT${Number(hold)}S`, cooldown: `PT${Number(cool)}S` } } }]);
		}}>
			<Pick label={m.fail.policy} value={trigger} set={(v) => setTrigger(v as Profile["failover"]["trigger"])} options={Object.entries(m.fail.triggers).map(([k, t]) => [k, `${k}: ${t}`])} />
			<Text label={m.fail.hold} value={hold} set={setHold} hint={m.fail.holdHint} />
			<Text label={m.fail.cool} value={cool} set={setCool} hint={m.fail.coolHint} />
		</form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-fail" why={bad}>{s.move.go}</Btn></span></div>
	</Dialog>;
}

export function Failover({ p }: { p: Profile }) {
	const all = use(useMemo(() => sparesOf(p.name), [p.name]));
	const fit = (all ?? []).filter((x) => x.fits);
	return <section class="card"><header><h2>{m.fail.title}</h2><span class="r"><Btn kind="quiet" small onClick={() => openDialog(<Edit p={p} />)}>{m.fail.change}</Btn></span></header>
		<div class="in"><dl class="kv"><dt>{m.fail.policy}</dt><dd>{p.failover.trigger} <span class="mut">{m.fail.triggers[p.failover.trigger]}</span></dd>
			{p.failover.trigger !== "manual" && <><dt>{m.fail.after}</dt><dd>{m.fail.times(words(p.failover.hold), words(p.failover.cooldown))}</dd></>}
			<dt>{m.fail.spares}</dt><dd>{fit.length ? <span class="row">{fit.slice(0, 4).map((x) => <a key={x.slot} href={`/slots/${x.slot}`}>{s.slot(x.slot)}</a>)}{fit.length > 4 && <span class="mut">{m.fail.more(fit.length - 4)}</span>}</span> : <span class="mut">{all ? m.fail.none : s.loading}</span>}</dd>
			{p.homeSlot != null && <><dt>{m.fail.home}</dt><dd><span class="why"><Icon id="undo" /><span>{m.fail.homeText(p.homeSlot)}</span></span></dd></>}</dl></div></section>;
}
