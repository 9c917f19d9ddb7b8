// The box as it is: slots, bays and ports in the order and with the labels of
// the model file; what they are like now comes from the stream.

import { useEffect, useRef, useState } from "preact/hooks";
import { go } from "../router";
import { appliance, bays, live, ports, slots, use, viewMark } from "../store";
import { num, s } from "../strings";
import type { Bay, FaceplateModel, Port, Slot } from "../types";
import { Bar, Btn, Icon, lookOf, rateOf, say, State } from "../ui/bits";
import { dragging } from "./drag";

export const slotName = (x: Slot): string => x.profile?.name || x.label || "";

/** Its server sees nothing of what it has: the cable is out or the server is gone. */
export const isCut = (x: Slot): boolean => x.profile != null && x.devices.length > 0 && x.adminState === "enabled" && x.link.state !== "up";

function count(slot: Slot, kind: string): number {
	return slot.devices.filter((d) => d.kind === kind).length;
}

function Kinds({ slot }: { slot: Slot }) {
	const all: [string, string][] = [["vnic", "nic"], ["vhba", "hba"], ["vdas", "disk"], ["exclusive", "chip"]];
	return <>{all.map(([k, icon]) => count(slot, k) > 0 && <span key={k}><Icon id={icon} />{count(slot, k)}<span class="vh">{s.kind[k]}</span></span>)}</>;
}

function limitOf(slot: Slot): number {
	return slot.devices.reduce((sum, d) => sum + rateOf(d), 0);
}

const rate = (v: number): string => v >= 1000 ? s.nic.gb(num(v / 1000)) : `${num(v)} Mb/s`;

/** The last line of a tile: progress of a job, else what the server is on. */
function Foot({ slot }: { slot: Slot }) {
	if (slot.job && slot.job.of > 0 && slot.state === "binding")
		return <span class="tr"><span>{s.rack.progress(Math.min(slot.job.done + 1, slot.job.of), slot.job.of)}</span><Bar parts={[["add", 100 * slot.job.done / slot.job.of]]} /></span>;
	const vlans = [...new Set(slot.devices.flatMap((d) => d.vlans ?? []))].sort((a, b) => a - b);
	const first = `${vlans[0]}${vlans.length > 1 ? ` +${vlans.length - 1}` : ""}`;
	if (!vlans.length) return null;
	const cap = limitOf(slot);
	return <span class="tr"><span><span class="clip">{s.rack.vlan(first)}</span>{cap > 0 && <span class="pc">{rate(cap)}</span>}</span></span>;
}

const CLS: Record<string, string> = { failed: "is-failed", spare: "is-spare", binding: "is-work", drift: "is-drift", maintenance: "is-reboot", empty: "is-empty", unbound: "is-drift", disabled: "is-empty", unknown: "is-empty" };

interface TileProps { slot: Slot; on: boolean; tab: boolean; drop: string; onMove: (slot: number) => void; onFocus: () => void }

function Tile({ slot, on, tab, drop, onMove, onFocus }: TileProps) {
	const up = slot.link.state === "up";
	const cut = isCut(slot) && slot.state === "bound";
	const state = cut ? "failed" : slot.state;
	const at = slot.label || (slot.server ?? slot.cableId ?? "");
	const led = cut ? "red" : !up ? "off" : slot.state === "failed" ? "red" : slot.state === "binding" ? "amb" : "";
	return <li class={`slot ${CLS[state] ?? ""} ${on ? "on" : ""} ${drop} ${slot.locate ? "blink" : ""}`} data-slot={slot.number}>
		<a href={`/slots/${slot.number}`} draggable={false} tabIndex={tab ? 0 : -1} data-tile={slot.number} aria-current={on ? "true" : undefined} onFocus={onFocus}>
			<span class="jack"><b class="no"><span class="vh">{s.rack.slotWord}</span>{slot.number}</b><svg aria-hidden="true"><use href={slot.server || up ? "#jack-in" : "#jack-out"} /></svg><span class={`lk led ${led}`}>{up ? s.rack.width(slot.link.width ?? 0) : s.rack.linkOff}</span></span>
			<span class="b"><span class="nm clip">{slot.profile?.name ?? s.rack.noProfile}</span><span class="at clip">{at || (up ? "" : s.rack.noCable)}</span>
				<span class="st"><State is={state} word={cut ? s.rack.noLink : undefined} seen />{slot.faults.length > 0 && <span class="badge w" title={slot.faults[0]?.text}><Icon id="alert" /><span class="vh">{slot.faults.map((f) => f.text).join(", ")}</span></span>}{slot.locate && <span class="badge a"><Icon id="locate" /></span>}</span>
				<span class="dv">{slot.devices.length ? <Kinds slot={slot} /> : slot.power === "off" ? s.rack.off : slot.power === "on" ? s.rack.on : ""}</span><Foot slot={slot} /></span>
		</a>
		{state === "failed" && slot.profile && <div class="act"><Btn small kind="bad" icon="move" onClick={() => onMove(slot.number)}>{s.rack.moveSpare}</Btn></div>}
	</li>;
}

/* ------------------------------------------------------------------- bays */

function pct(a: number, b: number): number {
	return b > 0 ? Math.round(100 * a / b) : 0;
}

function PortView({ p }: { p: Port }) {
	const given = pct(p.limitMbps ?? 0, p.speedMbps || p.capMbps);
	return <a class="port" href="/hardware">
		<span class="cage"><svg aria-hidden="true"><use href={p.link === "up" ? "#sfp-lc" : "#sfp-no"} /></svg><span class={`silk led ${p.link === "up" ? "" : "off"}`}><span class="vh">{s.rack.portOf(p.name.split("/")[0] ?? "")}</span>{p.port}</span></span>
		<span class="v"><span>{p.link === "up" ? rate(p.speedMbps) : s.rack.linkOff}</span><span>{s.rack.percent(given)}<span class="vh">{s.rack.given}</span></span></span>
		<Bar parts={[["was", given]]} />
	</a>;
}

function BayView({ model, bay, mine }: { model: FaceplateModel["bays"][number]; bay: Bay | undefined; mine: Port[] }) {
	const m = bay?.module;
	const outer = m != null && m.class !== "raid" && mine.length > 0;	// its ports are seen from outside
	const used = m ? pct(m.functions.used, m.functions.max) : 0;
	return <section class={`bay w${Math.min(model.width ?? 1, 4)}`} aria-label={s.rack.bay(model.name)}>
		<header><b>{model.name}</b><span class="silk">{m ? m.model ?? m.pciId : s.rack.emptyBay}</span><span class={`r silk led ${m ? "" : "off"}`} title={m ? s.rack.moduleOk : s.rack.emptyBay} /></header>
		{m && outer && <div class="cages">{mine.map((p) => <PortView key={p.name} p={p} />)}</div>}
		{m && !outer && <a class="port" href="/hardware"><span class="vh">{model.name}</span>
			<span class="cage"><svg aria-hidden="true"><use href="#jack-in" /></svg></span><span class="v"><span>{m.functions.max ? s.rack.drives(m.functions.used, m.functions.max) : s.hardware.whole}</span></span><Bar parts={[["was", used]]} /></a>}
		{!m && <span class="hollow" aria-hidden="true" />}
	</section>;
}

/* -------------------------------------------------------------------- box */

/** Where an arrow key goes in the grid of labels. */
export function step(rows: number[][], from: number, key: string): number {
	const r = rows.findIndex((x) => x.includes(from));
	const row = rows[r] ?? [];
	const c = row.indexOf(from);
	const flat = rows.flat();
	const i = flat.indexOf(from);
	if (key === "ArrowRight") return flat[i + 1] ?? from;
	if (key === "ArrowLeft") return flat[i - 1] ?? from;
	if (key === "ArrowDown") return rows[r + 1]?.[c] ?? from;
	if (key === "ArrowUp") return rows[r - 1]?.[c] ?? from;
	if (key === "Home") return row[0] ?? from;
	return key === "End" ? row[row.length - 1] ?? from : from;
}

interface Props { open: number | null; onMove: (slot: number) => void; onDrop: (from: number, to: number) => void }

export function Faceplate({ open, onMove, onDrop }: Props) {
	const box = use(appliance);
	const all = use(slots);
	const mods = use(bays) ?? [];
	const links = use(ports) ?? [];
	const root = useRef<HTMLOListElement>(null);
	const [tab, setTab] = useState(open ?? 1);
	const [held, setHeld] = useState<{ from: number; over: number | null } | null>(null);
	const latest = useRef({ all, onDrop });
	latest.current = { all, onDrop };
	const ready = !!box?.faceplate && !!all;
	useEffect(() => {
		if (!root.current) return;
		const find = (n: number): Slot | undefined => latest.current.all?.find((x) => x.number === n);
		return dragging(root.current, {
			name: (n) => find(n)?.profile?.name ?? null,
			pick: (n) => {
				setHeld({ from: n, over: null });
				say(s.rack.holding(find(n)?.profile?.name ?? ""));
			},
			over: (n) => {
				setHeld((h) => h && { ...h, over: n });
				const t = n == null ? undefined : find(n);
				if (t) say(t.profile ? s.rack.taken(t.number, t.profile.name) : s.rack.accepts(t.number));
			},
			drop: (a, b) => {
				setHeld(null);
				latest.current.onDrop(a, b);
			},
			cancel: () => {
				setHeld(null);
				say(s.rack.cancelled);
			},
		});
	}, [ready]);
	if (!box || !all) return <p class="mut">{s.loading}</p>;
	const model = box.faceplate;
	if (!model) return <p class="mut">{s.rack.none}</p>;
	const order = model.slots.rows.flat();
	const names = model.bays.map((b) => b.name);
	const bad = all.some((x) => x.faults.some((f) => f.severity === "critical" || f.severity === "major") || x.state === "failed");
	const key = (e: KeyboardEvent): void => {
		const at = Number((e.target as HTMLElement).closest<HTMLElement>("[data-tile]")?.dataset.tile);
		if (!at || e.ctrlKey || e.altKey || e.metaKey) return;
		const to = step(model.slots.rows, at, e.key);
		if (to === at) return;
		e.preventDefault();
		root.current?.querySelector<HTMLElement>(`[data-tile="${to}"]`)?.focus();
	};
	const dropCls = (x: Slot): string => !held ? "" : x.number === held.from ? "held" : x.profile ? "no-drop" : x.number === held.over ? "can-drop over" : "can-drop";
	return <section class={`box ${held ? "dragging" : ""}`} aria-label={s.rack.faceplate(box.name)}>
		<div class="ear l" aria-hidden="true"><i /><i /></div>
		<div class="face">
			<div class="plate"><span class="model">{box.model}</span><span class="silk">{s.rack.slotsRange(order[0] ?? 1, order[order.length - 1] ?? 1)}</span><span class="vent" aria-hidden="true" />
				<span class="leds"><span class={`silk led ${viewMark.value?.state === "ok" && live.value ? "" : "off"}`}>{s.rack.switchLed}</span><span class={`silk led ${bad ? "red" : "off"}`}>{s.rack.fault}</span></span></div>
			<ol class={`slots c${model.slots.rows[0]?.length ?? 8}`} ref={root} onKeyDown={key}>
				{order.map((n) => all.find((x) => x.number === n)).filter((x): x is Slot => x != null).map((x) =>
					<Tile key={x.number} slot={x} on={x.number === open} tab={x.number === tab} drop={dropCls(x)} onMove={onMove} onFocus={() => setTab(x.number)} />)}
			</ol>
			{names.length > 0 && <>
				<div class="plate"><span class="silk">{s.rack.modules(names[0] ?? "", names[names.length - 1] ?? "")}</span><span class="vent" aria-hidden="true" /></div>
				<div class={`bays c${Math.min(names.length, 8)}`}>{model.bays.map((b) => <BayView key={b.number} model={b} bay={mods.find((x) => x.number === b.number)} mine={links.filter((p) => p.bay === b.number)} />)}</div>
			</>}
		</div>
		<div class="ear r" aria-hidden="true"><i /><i /></div>
	</section>;
}

export function Legend() {
	return <div class="legend" role="group" aria-label={s.rack.legend}>
		{["bound", "binding", "drift", "failed", "spare", "empty", "maintenance", "unknown"].map((k) => <State key={k} is={k} />)}
		<span class="keys"><span><kbd>←</kbd> <kbd>→</kbd> {s.rack.keys.walk}</span><span><kbd>Enter</kbd> {s.rack.keys.open}</span><span><kbd>m</kbd> {s.rack.keys.move}</span><span><kbd>l</kbd> {s.rack.keys.locate}</span><span><kbd>c</kbd> {s.rack.keys.copy}</span></span>
	</div>;
}

export const openSlot = (n: number): void => go(`/slots/${n}`);
export const glyphOf = (state: string): string => lookOf(state)[0];
