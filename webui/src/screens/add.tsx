// Add a NIC, an HBA or a disk: one page each, the plan beside the form, and
// the addresses shown before anything is applied.  On a slot without a profile
// the same plan makes and assigns one.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { preview, store } from "../api";
import { digits } from "../addr";
import * as make from "../changes";
import { go } from "../router";
import { bays, networks, ports, profiles, sans, slots, use } from "../store";
import { num, s } from "../strings";
import type { BootTarget, Change, Device, Network } from "../types";
import { Addr, Banner, Bar, Btn, Copy, Icon, Pick, ProblemView, rateOf, Text } from "../ui/bits";
import { Combo, type Option } from "../ui/combo";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { AsCode, Checks, devicesOf, Diff, disruptionText, Steps, Typed, useApply, usePreview, verbs } from "../ui/plan";

export type Target = make.Target;

export function whereOf(t: Target): string {
	return t.slot != null ? s.where.slot(t.slot) : s.where.profile(t.profile ?? "");
}

/* -------------------------------------------------- where the devices land */

function Landing({ devices }: { devices: Device[] }) {
	const all = use(ports) ?? [];
	const placed = devices.filter((d) => d.placed);
	if (!placed.length) return null;
	return <div class="stack near"><h3 class="cap">{s.dev.lands}</h3>{placed.map((d) => {
		const p = all.find((x) => x.name === `${d.placed?.module}/${d.placed?.port}`);
		const cap = p?.speedMbps || p?.capMbps || 0;
		const was = p?.limitMbps ?? 0;
		const add = rateOf(d);
		return <div key={d.name}><div class="row"><b class="mono">{s.panel.port(d.placed?.module ?? "", d.extent === "card" ? 0 : d.placed?.port ?? 0)}</b><span class="mut grow clip">{d.placed?.function}</span>
			{cap > 0 && add > 0 && <span class="mono">{num(was)} → <b>{num(was + add)}</b></span>}</div>
			{cap > 0 && add > 0 ? <><Bar tall parts={[["was", 100 * was / cap], ["add", 100 * add / cap]]} /><p class="hint"><span class="key was">{s.dev.given}</span><span class="key add">{s.dev.thisChange}</span><span class="key free">{s.dev.left(num(cap))}</span></p></>
				: !d.extent && <p class="hint">{s.dev.noBudget}</p>}</div>;
	})}</div>;
}

/* ------------------------------------------------------------ the dialog */

interface FrameProps {
	title: string; target: Target; button: string; changes: Change[] | null; kind: Device["kind"]; newProfile: string | null;
	/** what the plan would make; whether the plan stands; whether it is being made */
	children: (devices: Device[], stands: boolean, busy: boolean) => ComponentChildren;
	reserve?: boolean;
}

/** Form left, plan right, one button.  Shared by all. */
export function Frame({ title, target, button, changes, kind, newProfile, children, reserve }: FrameProps) {
	const all = use(slots) ?? [];
	const slot = all.find((x) => x.number === target.slot);
	const form = useId();
	const key = changes && JSON.stringify(changes);
	const p = usePreview(key, (signal) => preview(changes ?? [], signal));
	const a = useApply(p.plan, { title: button, replaced: p.replace, onApplied: closeDialog });
	const seen = p.plan ?? p.last;
	const devices = devicesOf(seen, kind);
	const before = slot?.devices.length ?? 0;
	return <Dialog title={<>{title} <span class="mut">{s.dev.to(slot?.label || target.profile || "", target.slot)}</span></>} cls="add">
		<div class="body">
			<form class="form" id={form} onSubmit={(e) => {
				e.preventDefault();
				void a.run();
			}}>{newProfile && target.slot != null && <p class="hint">{s.dev.makesProfile(newProfile, target.slot)}</p>}{children(devices, !!seen?.applicable, p.busy)}</form>
			<section class={p.busy ? "note busy" : "note"} aria-live="polite" aria-busy={p.busy} aria-label={s.dev.willHappen}>
				{!changes && <p class="mut">{s.dev.waiting}</p>}
				{changes && !seen && !p.problem && <p class="mut">{s.dev.planning}</p>}
				{p.problem && <ProblemView p={p.problem} />}
				{a.problem && <ProblemView p={a.problem} />}
				{a.changed && <Banner kind="warn" icon="info">{s.dev.changed}</Banner>}
				{seen && <>
					<p class="say">{seen.sentence}</p>
					<Checks checks={seen.checks} ticked={a.ticked} tick={a.tick} />
					<Typed word={a.word} typed={a.typed} set={a.setTyped} />
					<Landing devices={devices} />
					<div class="stack near"><h3 class="cap">{s.dev.then}</h3>
						{seen.steps.length > 0 && <p class="flow">{verbs(seen.steps)}</p>}
						<dl class="kv"><dt>{s.dev.steps}</dt><dd>{seen.steps.length}</dd><dt>{s.dev.interrupts}</dt><dd>{disruptionText(seen.disruption)}</dd>
							{target.slot != null && <><dt>{s.dev.devicesIn(target.slot)}</dt><dd>{s.dev.count(before, before + devices.length)}</dd></>}
							<dt>{s.dev.undo}</dt><dd>{s.dev.undoYes}</dd></dl></div>
					<details class="card"><summary class="fold"><Icon id="right" />{s.plan.changes} <span class="mut thin">{seen.diff.length}</span></summary><Diff diff={seen.diff} /></details>
					{seen.steps.length > 0 && <Steps steps={seen.steps} />}
				</>}
			</section>
		</div>
		<div class="ft">{seen ? <AsCode plan={seen} confirm={a.need} /> : <span />}<span class="r">
			{reserve && <Btn why={changes ? null : s.dev.waiting} icon="save" onClick={() => void store(changes ?? [], "P7D").then((plan) => {
				closeDialog();
				go(`/plans/${plan.id}`);
			})}>{s.hba.save}</Btn>}
			<Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form={form} why={a.why}>{a.busy ? s.plan.applying : button}</Btn></span></div>
	</Dialog>;
}

export function useNames(t: Target, kind: "vnics" | "vhbas" | "vdas" | "exclusives"): { profiles: string[]; devices: string[]; newProfile: string | null; ready: boolean } {
	const all = use(profiles);
	const names = (all ?? []).map((p) => p.name);
	const mine = all?.find((p) => p.name === t.profile);
	return { profiles: names, devices: (mine?.[kind] ?? []).map((d) => d.name), ready: all != null,
		newProfile: t.profile || t.slot == null ? null : make.profileName(t.slot, t.label, names) };
}

/* -------------------------------------------------------------------- NIC */

const SPEEDS: [mbps: number, text: string][] = [[0, s.nic.best], [1000, "1"], [2500, "2.5"], [5000, "5"], [10000, s.nic.gb("10")]];

/** What typed text means exactly: a known network, a new one on a VLAN number, or nothing yet. */
export function exact(text: string, nets: readonly Network[]): make.NetPick | null {
	const t = text.trim();
	if (!t) return null;
	const vlan = /^\d+$/.test(t) ? Number(t) : null;
	const known = nets.find((n) => vlan == null ? n.name.toLowerCase() === t.toLowerCase() : n.vlan === vlan);
	if (known) return { name: known.name, vlan: known.vlan, isNew: false };
	if (vlan != null && vlan >= 1 && vlan <= 4094) return { name: make.vlanName(vlan, nets.map((n) => n.name)), vlan, isNew: true };
	return null;
}

function netOptions(text: string, nets: readonly Network[], chosen: readonly make.NetPick[]): Option[] {
	const t = text.trim().toLowerCase();
	const left = nets.filter((n) => !chosen.some((c) => c.name === n.name));
	const hit = left.filter((n) => !t || n.name.toLowerCase().includes(t) || String(n.vlan).startsWith(t))
		.sort((a, b) => Number(String(b.vlan) === t) - Number(String(a.vlan) === t) || a.vlan - b.vlan);
	const out: Option[] = hit.slice(0, 50).map((n) => ({ key: n.name, text: n.name, small: String(n.vlan) }));
	const e = exact(text, nets);
	if (e?.isNew && !chosen.some((c) => c.vlan === e.vlan)) out.unshift({ key: `+${e.vlan}`, text: s.nic.fresh(e.name, e.vlan), tag: s.nic.isNew });
	return out;
}

function AddNic({ target }: { target: Target }) {
	const nets = use(networks) ?? [];
	const have = useNames(target, "vnics");
	const eth = (use(bays) ?? []).flatMap((b) => b.module?.class === "ethernet" && b.module.functions.max ? [b.module.name] : []);
	const [picks, setPicks] = useState<make.NetPick[]>([]);
	const [text, setText] = useState("");
	const [limit, setLimit] = useState(0);
	const [pair, setPair] = useState(false);
	const [typedName, setName] = useState<string | null>(null);
	const [mac, setMac] = useState("");
	const [mtu, setMtu] = useState("");
	const pairId = useId();
	const radio = useId();
	const typed = exact(text, nets);
	const all = typed && !picks.some((p) => p.vlan === typed.vlan) ? [...picks, typed] : picks;
	const name = typedName ?? make.nextName("net", have.devices);
	const macBad = mac && digits(mac).length !== 12 ? s.hba.badWwpn.replace("WWPN", "MAC").replace("16", "12") : null;
	const form: make.NicForm = { name, picks: all, limitMbps: limit, pair, mac: pair ? "" : mac, mtu: mtu ? Number(mtu) : null, modules: eth };
	const changes = have.ready && all.length && name && !macBad && !(mtu && !/^\d{3,5}$/.test(mtu)) ? make.addNic(target, form, have.profiles) : null;
	const names = make.nicNames(form);
	const number = /^\d+$/.test(text.trim());
	const bad = text.trim() !== "" && !typed && netOptions(text, nets, picks).length === 0;
	return <Frame title={s.nic.title} kind="vnic" target={target} changes={changes} newProfile={have.newProfile} button={s.nic.go(names.length, whereOf(target))}>{(devices, stands, busy) => <>
		<Combo label={s.nic.network} text={text} set={setText} focus options={netOptions(text, nets, picks)} placeholder={picks.length ? s.nic.add : s.nic.pick}
			chips={picks.map((p) => ({ key: p.name, text: p.name, small: String(p.vlan) }))} drop={(k) => setPicks(picks.filter((p) => p.name !== k))}
			choose={(k) => {
				const pick = exact(k.replace(/^\+/, ""), nets) ?? null;
				if (pick) setPicks([...picks, pick]);
				setText("");
			}}
			bad={bad} hint={bad ? number ? s.nic.badVlan : s.nic.noMatch : all.length === 0 ? s.nic.none : all.length === 1 ? all[0]?.isNew ? s.nic.fresh(all[0].name, all[0].vlan) : s.nic.access : s.nic.trunk(all.length)} />
		<fieldset class="field"><legend class="lab">{s.nic.speed}</legend><div class="seg">{SPEEDS.map(([v, t]) =>
			<label key={v}><input type="radio" name={radio} checked={limit === v} onChange={() => setLimit(v)} />{t}</label>)}</div></fieldset>
		<div class="row"><input class="switch" type="checkbox" role="switch" id={pairId} checked={pair} disabled={eth.length < 2} onChange={(e) => setPair(e.currentTarget.checked)} />
			<label for={pairId} class="grow"><b>{s.nic.pair}</b><br /><span class="mut">{eth.length < 2 ? s.nic.pairNo : s.nic.pairText(eth[0] ?? "", eth[1] ?? "")}</span></label></div>
		<Text label={s.dev.name} value={name} set={setName} bad={have.devices.includes(name) ? undefined : null} />
		<div class="field"><span class="lab">{names.length > 1 ? s.nic.macsMany : s.nic.macs} <span class="mut thin">{mac && !pair ? s.nic.own : s.nic.fromPool}</span></span>
			<ul class="macs">{names.map((n, i) => {
				const d = devices[i];
				return <li key={n}><span class="mono mut">{n}</span>{d?.mac && all.length ? <><Addr value={d.mac} word="MAC" />{stands && <span class="hint ok end"><Icon id="check" />{s.dev.free}</span>}</> : <span class="mut">{busy ? s.dev.planning : s.none}</span>}</li>;
			})}</ul></div>
		<details><summary><Icon id="right" />{s.nic.advanced} <span class="mut thin">{s.nic.advancedText}</span></summary><div class="stack pad">
			<Text label={s.nic.mtu} value={mtu} set={setMtu} max={5} hint="1500" />
			{!pair && <Text label={s.nic.mac} value={mac} set={setMac} mono max={23} hint={s.nic.macHint} bad={macBad} />}</div></details>
	</>}</Frame>;
}

/* -------------------------------------------------------------------- HBA */

function AddHba({ target }: { target: Target }) {
	const all = use(sans) ?? [];
	const have = useNames(target, "vhbas");
	const [san, setSan] = useState("");
	const [fabric, setFabric] = useState("");
	const [typedName, setName] = useState<string | null>(null);
	const [targets, setTargets] = useState<BootTarget[]>([]);
	const known = all.find((x) => x.name.toLowerCase() === san.trim().toLowerCase());
	const sanName = known?.name ?? san.trim();
	const name = typedName ?? make.nextName("hba", have.devices);
	const guess = /b$/i.test(sanName) ? "B" : /a$/i.test(sanName) ? "A" : "other";
	const badTarget = (b: BootTarget): boolean => b.wwpn.trim() !== "" && digits(b.wwpn).length !== 16;
	const form: make.HbaForm = { name, san: sanName, sanIsNew: !known, fabric: fabric || guess, targets };
	const changes = have.ready && sanName && name && !targets.some(badTarget) ? make.addHba(target, form, have.profiles) : null;
	const fits = all.filter((x) => !san || x.name.toLowerCase().includes(san.trim().toLowerCase()));
	const options: Option[] = [...fits.map((x) => ({ key: x.name, text: x.name, small: x.fabric ?? "" })), ...(sanName && !known ? [{ key: sanName, text: s.hba.fresh(sanName), tag: s.nic.isNew }] : [])];
	const set = (i: number, v: Partial<BootTarget>): void => setTargets(targets.map((b, k) => k === i ? { ...b, ...v } : b));
	return <Frame title={s.hba.title} kind="vhba" target={target} changes={changes} newProfile={have.newProfile} button={s.hba.go(whereOf(target))} reserve>{(devices, _stands, busy) => <>
		<Combo label={s.hba.san} text={san} set={setSan} focus options={options} choose={setSan} placeholder={s.hba.pick} hint={!sanName ? s.hba.none : known ? known.description || s.hba.none : s.hba.fresh(sanName)} />
		{sanName && !known && <Pick label={s.hba.fabric} value={fabric || guess} set={setFabric} options={[["A", "A"], ["B", "B"], ["other", s.hardware.classes.other ?? ""]]} />}
		<Text label={s.dev.name} value={name} set={setName} />
		<div class="field"><span class="lab">{s.hba.wwpns} <span class="mut thin">{s.hba.fromPool}</span></span>
			<ul class="macs"><li><span class="mono mut">{name}</span>{devices[0]?.wwpn && sanName ? <><Addr value={devices[0].wwpn} word="WWPN" /><span class="end"><Copy text={`${name},${devices[0].wwpn}`} what={s.hba.zoning} /></span></> : <span class="mut">{busy ? s.dev.planning : s.none}</span>}</li></ul></div>
		<fieldset class="field"><legend class="lab">{s.hba.boot}</legend><p class="hint">{s.hba.bootHint}</p>
			{targets.map((b, i) => <div class="boot" key={i}>
				<input class="inp mono" aria-label={s.hba.wwpn(i + 1)} value={b.wwpn} placeholder="50:06:01:60:3B:A0:11:20" maxLength={31} spellcheck={false} autocomplete="off" aria-invalid={badTarget(b)} onInput={(e) => set(i, { wwpn: e.currentTarget.value })} />
				<input class="inp mono" aria-label={s.hba.lun(i + 1)} type="number" min={0} max={65535} value={b.lun} onInput={(e) => set(i, { lun: Number(e.currentTarget.value) })} />
				<Btn kind="quiet" icon="x" label={s.hba.removeTarget(i + 1)} onClick={() => setTargets(targets.filter((_, k) => k !== i))} />
				{badTarget(b) && <p class="hint bad">{s.hba.badWwpn}</p>}</div>)}
			{targets.length < 4 && <span><Btn small icon="plus" onClick={() => setTargets([...targets, { wwpn: "", lun: 0 }])}>{s.hba.addTarget}</Btn></span>}
		</fieldset>
	</>}</Frame>;
}

/* ------------------------------------------------------------------- disk */

const RAIDS = ["RAID0", "RAID1", "RAID5", "RAID6", "RAID10"];

function AddDisk({ target }: { target: Target }) {
	const have = useNames(target, "vdas");
	const [typedName, setName] = useState<string | null>(null);
	const [typedDisk, setDisk] = useState<string | null>(null);
	const [raid, setRaid] = useState("RAID1");
	const [size, setSize] = useState("32");
	const name = typedName ?? make.nextName("disk", have.devices);
	const disk = typedDisk ?? `${target.profile ?? have.newProfile ?? ""}-${name}`;
	const bad = /^[1-9]\d{0,6}$/.test(size.trim()) ? null : s.disk.badSize;
	const changes = have.ready && name && disk && !bad ? make.addDisk(target, { name, disk, raid, capacityMiB: Number(size) * 1024 }, have.profiles) : null;
	return <Frame title={s.disk.title} kind="vdas" target={target} changes={changes} newProfile={have.newProfile} button={s.disk.go(whereOf(target))}>{() => <>
		<Text label={s.disk.size} value={size} set={setSize} bad={bad} focus max={7} hint={s.disk.hint} />
		<Pick label={s.disk.raid} value={raid} set={setRaid} options={RAIDS.map((r) => [r, s.raid(r)])} />
		<Text label={s.dev.name} value={name} set={setName} />
		<Text label={s.disk.disk} value={disk} set={setDisk} />
	</>}</Frame>;
}

export const openAddNic = (t: Target): void => openDialog(<AddNic target={t} />);
export const openAddHba = (t: Target): void => openDialog(<AddHba target={t} />);
export const openAddDisk = (t: Target): void => openDialog(<AddDisk target={t} />);
