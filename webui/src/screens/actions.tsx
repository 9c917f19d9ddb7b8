// What can be done to a slot or a profile without a form of its own: each of
// these asks for a plan and shows it.  Drag, menu and key all end here.

import { useMemo, useState } from "preact/hooks";
import { preview } from "../api";
import * as make from "../changes";
import { go } from "../router";
import { profiles, slots, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Change, Slot, Spare } from "../types";
import { Btn, State, Text, Pick } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { review } from "../ui/plan";
import { sparesOf } from "./spares";

export function propose(title: string, button: string, changes: Change[], opt: { bad?: boolean; onApplied?: (job: string | null) => void } = {}): void {
	void review({ title, button, again: () => preview(changes), ...opt });
}

/** The one way to move: what a drop, Move… and m all call. */
export function reviewMove(profile: string, to: number): void {
	const spare = slots.data.value?.find((x) => x.number === to)?.isSpare;
	propose(s.plan.moveTitle(profile, to), s.plan.moveGo(profile, to), make.move(profile, to, spare));
}

function reviewSwap(profile: string, other: string): void {
	propose(m.move.swapTitle(profile, other), m.move.swapTitle(profile, other), make.swap(profile, other));
}

export function reviewRelease(profile: string): void {
	propose(s.plan.releaseTitle(profile), s.plan.releaseGo(profile), make.release(profile));
}

export function reviewAssign(profile: string, slot: number): void {
	propose(s.plan.assignTitle(profile, slot), s.plan.assignTitle(profile, slot), make.assign(profile, slot));
}

export function reviewRemove(profile: string, kind: string, name: string): void {
	propose(s.plan.removeTitle(name, profile), s.plan.removeGo(name), make.removeDevice(profile, kind, name), { bad: true });
}

export function reviewSlot(slot: Slot, what: keyof typeof s.slotVerb, body: Record<string, unknown>): void {
	const title = s.plan.slotTitle(slot.number, s.slotVerb[what]);
	propose(title, title, make.patchSlot(slot, body));
}

export function reviewIsolate(slot: Slot): void {
	const title = s.plan.slotTitle(slot.number, s.slotVerb.isolate);
	propose(title, title, make.isolate(slot.number), { bad: true });
}

/* ------------------------------------------------------------------- move */

function linkText(x: Slot): string {
	return x.link.state === "up" ? s.panel.up(x.link.width ?? 0, x.link.gen ?? 0) : s.move.cable;
}

/** Where it can go, the best first: spares by rank, free slots, then whom it can change places with. */
interface Option { slot: Slot; facts: string; order: number; why: string | null }

function optionOf(x: Slot, spare: Spare | undefined, moves: boolean): Option {
	const facts = s.move.facts(linkText(x), s.panel.power[x.power] ?? x.power);
	const sort = (group: number, rank = x.number): number => group * 1e5 + rank;
	if (x.profile) return { slot: x, facts: m.move.swap(x.profile.name), order: sort(3), why: null };
	if (!x.isSpare) return { slot: x, facts, order: sort(x.link.state === "up" ? 1 : 2), why: null };
	if (!moves) return { slot: x, facts, order: sort(4), why: m.move.kept };
	if (!spare || spare.fits) return { slot: x, facts: spare?.reasons.join(", ") ?? facts, order: sort(0, spare?.rank ?? x.number), why: null };
	return { slot: x, facts: "", order: sort(4), why: m.move.not(spare.reasons) };
}

function MoveDialog({ profile, from }: { profile: string; from: number | null }) {
	const spares = use(useMemo(() => sparesOf(profile), [profile]));
	const all = (use(slots) ?? []).filter((x) => x.number !== from && (from != null || !x.profile))
		.map((x) => optionOf(x, spares?.find((r) => r.slot === x.number), from != null)).sort((a, b) => a.order - b.order);
	const free = all.filter((x) => !x.slot.profile).length;
	const [to, setTo] = useState<number | null>(null);
	const chosen = all.find((x) => x.slot.number === to) ?? all.find((x) => !x.why && !x.slot.profile);
	const number = chosen?.slot.number;
	return <Dialog title={s.move.title(profile)} cls="medium">
		<form class="form" id="f-move" onSubmit={(e) => {
			e.preventDefault();
			if (number == null) return;
			closeDialog();
			if (chosen?.slot.profile) reviewSwap(profile, chosen.slot.profile.name);
			else if (from == null) reviewAssign(profile, number);
			else reviewMove(profile, number);
		}}>
			<p class="mut">{s.move.from(from)}</p>
			<fieldset class="field"><legend class="lab">{s.move.to} <span class="mut thin">{s.move.fits(free)}, {s.move.others(all.length - free)}</span></legend>
				{free === 0 && <p class="mut">{s.move.none}</p>}
				<ul class="opts tall-list">{all.map(({ slot: x, facts, why }) => <li key={x.number}>
					<input type="radio" name="to" id={`to-${x.number}`} checked={x.number === number} disabled={!!why} data-focus={x.number === number ? "" : undefined} onChange={() => setTo(x.number)} />
					<label for={`to-${x.number}`}><b>{s.slot(x.number)}</b> <span class="mut">{x.label} {why ?? facts}</span></label><State is={x.state} seen /></li>)}</ul>
			</fieldset>
		</form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-move" why={number == null ? s.move.none : null}>{s.move.go}</Btn></span></div>
	</Dialog>;
}

export function openMove(profile: string, from: number | null): void {
	openDialog(<MoveDialog profile={profile} from={from} />);
}

/* ------------------------------------------------------------ small forms */

function AssignDialog({ slot }: { slot: number }) {
	const free = (use(profiles) ?? []).filter((p) => p.slot == null);
	const [name, setName] = useState("");
	const chosen = name || free[0]?.name || "";
	return <Dialog title={s.confirmNew.assignTitle(slot)} cls="narrow">
		<form class="form" id="f-assign" onSubmit={(e) => {
			e.preventDefault();
			if (!chosen) return;
			closeDialog();
			reviewAssign(chosen, slot);
		}}>{free.length ? <Pick label={s.confirmNew.which} value={chosen} set={setName} options={free.map((p) => [p.name, `${p.name} (${s.profiles.count(p.vnics.length, p.vhbas.length, p.vdas.length, p.exclusives.length)})`])} /> : <p class="mut">{s.confirmNew.noProfile}</p>}</form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-assign" why={chosen ? null : s.confirmNew.noProfile}>{s.confirmNew.assign}</Btn></span></div>
	</Dialog>;
}

export function openAssign(slot: number): void {
	openDialog(<AssignDialog slot={slot} />);
}

function LabelDialog({ slot }: { slot: Slot }) {
	const [label, setLabel] = useState(slot.label);
	return <Dialog title={s.confirmNew.labelTitle(slot.number)} cls="narrow">
		<form class="form" id="f-label" onSubmit={(e) => {
			e.preventDefault();
			closeDialog();
			reviewSlot(slot, "label", { label });
		}}><Text label={s.confirmNew.label} value={label} set={setLabel} focus /></form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-label">{s.move.go}</Btn></span></div>
	</Dialog>;
}

export function openLabel(slot: Slot): void {
	openDialog(<LabelDialog slot={slot} />);
}

function NewProfile() {
	const [name, setName] = useState("");
	const [text, setText] = useState("");
	return <Dialog title={s.confirmNew.profileTitle} cls="narrow">
		<form class="form" id="f-np" onSubmit={(e) => {
			e.preventDefault();
			if (!name) return;
			closeDialog();
			propose(`${s.confirmNew.create} ${name}`, s.confirmNew.create, [{ method: "POST", path: "/profiles", body: { name, ...(text ? { description: text } : {}) } }],
				{ onApplied: () => go(`/profiles/${encodeURIComponent(name)}`) });
		}}><Text label={s.confirmNew.name} value={name} set={setName} focus /><Text label={s.confirmNew.description} value={text} set={setText} max={256} /></form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-np" why={name ? null : s.required}>{s.move.go}</Btn></span></div>
	</Dialog>;
}

export function openNewProfile(): void {
	openDialog(<NewProfile />);
}
