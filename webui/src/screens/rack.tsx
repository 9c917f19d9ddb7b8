// Home: the box, live, and the panel of the slot that is open.

import { useEffect } from "preact/hooks";
import { span } from "../age";
import { locate, Problem } from "../api";
import { Faceplate, Legend, slotName } from "../faceplate/faceplate";
import { go } from "../router";
import { appliance, bays, jobs, now, ports, slots, use } from "../store";
import { s } from "../strings";
import type { Device, Slot } from "../types";
import { Addr, Ago, Btn, copyText, Glyph, Icon, lookOf, rateOf, say, State, wordOf } from "../ui/bits";
import { Menu, type Entry } from "../ui/dialog";
import { endedJob } from "../ui/toast";
import { later } from "../lazy";
import { typing } from "./shell";

/* ------------------------------------------------------------ three numbers */

function Stats() {
	const all = use(slots) ?? [];
	const inside = (use(bays) ?? []).filter((b) => b.module?.class === "raid").map((b) => b.number);
	const links = (use(ports) ?? []).filter((p) => !inside.includes(p.bay));
	const last = use(jobs)?.find(endedJob);
	const gen = use(appliance)?.generation;
	const n = (state: string): number => all.filter((x) => x.state === state).length;
	const cap = links.reduce((t, p) => t + (p.link === "up" ? p.speedMbps : 0), 0);
	const given = links.reduce((t, p) => t + (p.limitMbps ?? 0), 0);
	const words: [string, string][] = [["failed", s.rack.stats.failed(n("failed"))], ["drift", s.rack.stats.drift(n("drift"))], ["binding", s.rack.stats.binding(n("binding"))], ["spare", s.rack.stats.spare(n("spare"))], ["empty", s.rack.stats.empty(n("empty"))]];
	return <div class="stats">
		<a class="stat" href="/profiles"><span class="cap">{s.rack.stats.slots}</span><span class="big">{n("bound")}<small>{s.rack.stats.bound}</small></span>
			<span class="more"><span class="list">{words.filter(([k]) => n(k) > 0).map(([k, t]) => <State key={k} is={k} word={t} seen />)}</span></span></a>
		<a class="stat" href="/hardware"><span class="cap">{s.rack.stats.uplinks}</span><span class="big">{cap ? Math.round(100 * given / cap) : 0} %<small>{s.rack.stats.given}</small></span>
			<span class="more"><span class="list">{s.rack.stats.ports(links.filter((p) => p.link === "up").length, links.length)}</span><span class="list opt">{s.rack.stats.mbps(given, cap)}</span></span></a>
		<a class="stat" href="/jobs"><span class="cap">{s.rack.stats.change}</span><span class="big">{last?.endedAt ? <>{span(now.value - Date.parse(last.endedAt))}<small>{s.rack.stats.ago}</small></> : <small>{s.rack.stats.never}</small>}</span>
			<span class="more">{last && <span class="list"><span class={`state ${lookOf(last.state)[1]}`}><Glyph id={lookOf(last.state)[0]} />{wordOf(last.state)}</span></span>}<span class="list opt">{gen != null && s.rack.stats.gen(gen)}</span></span></a>
	</div>;
}

/* ------------------------------------------------------------- side panel */

const ICON: Record<string, string> = { vnic: "nic", vhba: "hba", vdas: "disk" };

/** What a device is on: networks, SAN, disks. */
export function DeviceNet({ d }: { d: Device }) {
	if (d.kind === "vnic") return <span class="chips">{(d.networks ?? []).map((n, i) => <span class="chip" key={n}>{n} {d.vlans?.[i] != null && <small>{d.vlans[i]}</small>}</span>)}</span>;
	if (d.kind === "vhba") return <><span class="chip">{d.san}</span>{!!d.bootTargets?.length && <span>{s.panel.targets(d.bootTargets.length)}</span>}</>;
	if (d.extent) return <span>{s.panel.whole[d.extent]}</span>;
	return <>{(d.virtualDisks ?? []).map((v) => <span key={v.name}><span class="mono">{v.name}</span> {s.raid(v.raid)}, {s.gib(v.capacityMiB)}</span>)}</>;
}

function DeviceRow({ d, profile }: { d: Device; profile: string | null }) {
	const addr = d.mac ?? d.wwpn;
	const limit = rateOf(d);
	return <li>
		<span class="ic"><Icon id={ICON[d.kind] ?? "chip"} /></span>
		<span class="clip"><span class="n">{d.name}</span> <span class="mut">{s.kind[d.kind]}</span></span>
		<span class="row near"><State is={d.state} seen />{profile && <Menu small label={`${s.profiles.actions}: ${d.name}`} cls="right" entries={[
			...(addr ? [{ text: s.copyThis(addr), icon: "copy", act: () => void copyText(addr) }] : []),
			{ text: s.panel.remove(d.name), icon: "trash", bad: true, act: () => later((m) => m.reviewRemove(profile, d.kind, d.name)) }]} />}</span>
		{addr && <span class="wide"><Addr value={addr} word={d.mac ? "MAC" : "WWPN"} /></span>}
		<span class="wide sub"><DeviceNet d={d} /></span>
		<span class="wide sub"><span>{d.placed ? s.panel.port(d.placed.module, d.extent === "card" ? 0 : d.placed.port) : s.panel.notPlaced}</span>{limit > 0 && <span>{s.panel.limit(limit)}</span>}
			{d.osVisible === "yes" && <span class="seen"><Icon id="eye" />{s.panel.seen}</span>}{d.state === "bound" && s.panel.after[d.activation ?? ""] && <span class="seen"><Icon id="clock" />{s.panel.after[d.activation ?? ""]}</span>}{d.state === "bound" && d.confirmedAt && <span class="seen"><Icon id="check" /><Ago at={d.confirmedAt} f={s.panel.verified} /></span>}</span>
	</li>;
}

async function blink(slot: Slot): Promise<void> {
	try {
		await locate(slot.number, !slot.locate);
		await slots.load();
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		say(e.message);
	}
}

function entriesOf(x: Slot): Entry[] {
	const p = x.profile?.name;
	return [
		...(p ? [{ text: s.panel.openProfile, icon: "profile", act: () => go(`/profiles/${encodeURIComponent(p)}`) }, { text: s.panel.release, icon: "undo", act: () => later((m) => m.reviewRelease(p)) }]
			: [{ text: s.panel.assign, icon: "profile", act: () => later((m) => m.openAssign(x.number)) }]),
		{ text: s.panel.addCard, icon: "chip", act: () => later((m) => m.openAddCard({ slot: x.number, label: x.label, profile: p ?? null })) },
		{ text: s.panel.label, icon: "tag", act: () => later((m) => m.openLabel(x)) },
		x.isSpare ? { text: s.panel.spareOff, icon: "box", act: () => later((m) => m.reviewSlot(x, "spareOff", { isSpare: false })) } : { text: s.panel.spareOn, icon: "box", act: () => later((m) => m.reviewSlot(x, "spareOn", { isSpare: true })) },
		...(x.adminState !== "enabled" ? [{ text: s.panel.enable, icon: "check", act: () => later((m) => m.reviewSlot(x, "enabled", { adminState: "enabled" })) }] : []),
		...(x.adminState !== "maintenance" ? [{ text: s.panel.maintenance, icon: "clock", act: () => later((m) => m.reviewSlot(x, "maintenance", { adminState: "maintenance" })) }] : []),
		...(x.adminState !== "disabled" ? [{ text: s.panel.disable, icon: "power", act: () => later((m) => m.reviewSlot(x, "disabled", { adminState: "disabled" })) }] : []),
	];
}

function zoning(x: Slot): string {
	return x.devices.filter((d) => d.wwpn).map((d) => `${x.profile?.name ?? ""}_${d.name},${d.wwpn}`).join("\n");
}

function History({ slot }: { slot: number }) {
	const mine = (use(jobs) ?? []).filter((j) => j.slots?.includes(slot)).slice(0, 6);
	return <section><h3>{s.panel.history}</h3>{mine.length ? <ol class="log">{mine.map((j) =>
		<li key={j.id}><span class="mut"><Ago at={j.createdAt} /></span><span class="clip">{j.title}</span><a href={`/jobs/${j.id}`}>{s.job(j.id)}</a></li>)}</ol> : <p class="mut">{s.panel.noHistory}</p>}</section>;
}

function Panel({ x }: { x: Slot }) {
	const target = { slot: x.number, label: x.label, profile: x.profile?.name ?? null };
	const devs = [...x.devices].sort((a, b) => a.order - b.order);
	useEffect(() => {
		document.getElementById("panel-h")?.focus();
	}, [x.number]);
	return <aside class="side" aria-label={s.slot(x.number)}>
		<div class="hd"><div class="row"><h2 class="grow clip" id="panel-h" tabIndex={-1}>{s.slot(x.number)} <span class="mut">{slotName(x)}</span></h2><State is={x.state} pill seen /><Btn kind="quiet" small icon="x" label={s.close} onClick={closePanel} /></div>
			<dl class="facts"><dt>{s.panel.server}</dt><dd>{s.panel.power[x.power]}</dd><dt>{s.panel.link}</dt><dd>{x.link.state === "up" ? s.panel.up(x.link.width ?? 0, x.link.gen ?? 0) : s.panel.down}</dd><dt>{s.panel.serial}</dt><dd class="mono">{x.server ?? s.none}</dd><dt>{s.panel.admin}</dt><dd>{s.panel.adminState[x.adminState]}</dd></dl></div>
		<section><div class="acts"><Btn kind="pri" icon="plus" onClick={() => later((m) => m.openAddNic(target))}>{s.panel.addNic}</Btn><Btn onClick={() => later((m) => m.openAddHba(target))}>{s.panel.addHba}</Btn><Btn onClick={() => later((m) => m.openAddDisk(target))}>{s.panel.addDisk}</Btn>
			<Btn why={x.profile ? null : s.panel.noMove} onClick={() => later((m) => x.profile && m.openMove(x.profile.name, x.number))}>{s.panel.move}</Btn><Menu label={s.panel.more} icon="more" entries={entriesOf(x)} cls="right" /></div></section>
		<div class="scroll" tabIndex={0} role="region" aria-label={s.panel.devices}>
			{x.faults.length > 0 && <section><h3>{s.panel.faults}</h3><ul class="items">{x.faults.map((f) => <li key={f.id} class="why"><Icon id="alert" /><span><b>{f.text}</b> {f.remedy}</span></li>)}</ul></section>}
			<section><div class="row devs-h"><h3 class="grow">{s.panel.devices} <span class="mut">{devs.length}</span></h3>{devs.some((d) => d.wwpn) && <Btn kind="quiet" small icon="copy" onClick={() => void copyText(zoning(x))}>{s.panel.zoning}</Btn>}</div>
				{devs.length ? <ol class="devs">{devs.map((d) => <DeviceRow key={d.id} d={d} profile={x.profile?.name ?? null} />)}</ol> : <p class="mut"><b>{s.panel.none}.</b> {s.panel.noneText}</p>}</section>
			<History slot={x.number} />
		</div>
		<div class="ft"><span class="row grow"><Icon id="clock" />{x.confirmedAt ? <Ago at={x.confirmedAt} f={s.panel.confirmed} /> : s.panel.notConfirmed}</span>
			<Btn small icon="locate" pressed={!!x.locate} onClick={() => void blink(x)}>{x.locate ? s.panel.locating : s.panel.locate}</Btn><Btn small kind="bad" icon="isolate" onClick={() => later((m) => m.reviewIsolate(x))}>{s.panel.isolate}</Btn></div>
	</aside>;
}

function closePanel(): void {
	const at = document.querySelector<HTMLElement>(".slot.on > a");
	go("/");
	at?.focus();
}

/* ------------------------------------------------------------------- page */

export function Rack({ open }: { open: number | null }) {
	const all = use(slots);
	const slot = all?.find((x) => x.number === open) ?? null;
	function onMove(n: number): void {
		const p = all?.find((x) => x.number === n)?.profile;
		if (p) later((m) => m.openMove(p.name, n));
		else say(s.panel.noMove);
	}
	function key(e: KeyboardEvent): void {
		if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
		if (e.key === "Escape" && open != null) return closePanel();
		const tile = (e.target as HTMLElement).closest<HTMLElement>("[data-tile]")?.dataset.tile;
		const n = tile ? Number(tile) : open;
		const x = all?.find((y) => y.number === n);
		if (!x) return;
		if (e.key === "m") onMove(x.number);
		else if (e.key === "l") void blink(x);
		else if (e.key === "c") void copyText(x.devices.flatMap((d) => d.mac ?? d.wwpn ?? []).join("\n"));
	}
	useEffect(() => {
		const outer = (e: KeyboardEvent): void => {
			if (!document.querySelector("dialog[open]")) key(e);
		};
		document.addEventListener("keydown", outer);
		return () => document.removeEventListener("keydown", outer);
	});
	return <>
		<div class="page"><div class="page-h"><h1>{s.rack.title}</h1><div class="tools"><Btn icon="plus" onClick={() => later((m) => m.openNewProfile())}>{s.rack.newProfile}</Btn></div></div>
			<Stats />
			<Faceplate open={open} onMove={onMove} onDrop={(a, b) => {
				const p = all?.find((x) => x.number === a)?.profile;
				if (p) later((m) => m.reviewMove(p.name, b));
			}} />
			<Legend />
			{open != null && all && !slot && <p class="banner warn">{s.panel.noSuch(open)}</p>}
		</div>
		{slot && <Panel key={slot.number} x={slot} />}
	</>;
}
