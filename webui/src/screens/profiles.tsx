// Profiles: what each server should see, and where it is now.

import { useEffect, useMemo, useState } from "preact/hooks";
import { seg, text } from "../api";
import { profiles, Resource, use } from "../store";
import { num, s } from "../strings";
import type { Device, Profile } from "../types";
import { Addr, Ago, Btn, Copy, copyText, Icon, ProblemView, rateOf, State, Void, wordOf } from "../ui/bits";
import { Menu } from "../ui/dialog";
import { openMove, openNewProfile, propose, reviewRelease, reviewRemove } from "./actions";
import { openAddDisk, openAddHba, openAddNic } from "./add";
import { go } from "../router";
import { History } from "./history";
import { openImport } from "./import";
import { openAddCard } from "./card";
import { Drift } from "./drift";
import { DeviceNet } from "./rack";
import { Crumbs } from "./shell";
import { m } from "../strings_more";
import { openLease } from "./leases";
import { Failover } from "./spares";

export function Profiles() {
	const all = use(profiles);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.profiles.title}</h1><div class="tools"><a class="btn" href="/leases"><Icon id="clock" />{m.lease.title}</a><Btn icon="load" onClick={openImport}>{s.profiles.imp}</Btn><Btn kind="pri" icon="plus" onClick={openNewProfile}>{s.profiles.new}</Btn></div></div>
		<section class="card">{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="profile" title={s.profiles.none} text={s.profiles.noneText}><Btn kind="pri" icon="plus" onClick={openNewProfile}>{s.profiles.new}</Btn></Void> :
			<table class="t"><thead><tr><th scope="col">{s.profiles.name}</th><th scope="col">{s.profiles.where}</th><th scope="col">{s.profiles.devices}</th><th scope="col">{s.profiles.state}</th><th scope="col" class="num">{s.profiles.revision}</th><th scope="col">{s.profiles.changed}</th></tr></thead>
				<tbody>{all.map((p) => <tr key={p.id}><td><a href={`/profiles/${seg(p.name)}`}><b>{p.name}</b></a></td><td>{p.slot == null ? <span class="mut">{s.profiles.unassigned}</span> : <a href={`/slots/${p.slot}`}>{s.slot(p.slot)}</a>}</td>
					<td>{s.profiles.count(p.vnics.length, p.vhbas.length, p.vdas.length, p.exclusives.length)}</td><td><State is={p.state} seen /></td><td class="num">{p.revision}</td><td class="mut"><Ago at={p.modifiedAt} /></td></tr>)}</tbody></table>}</section>
	</div>;
}

const ICON: Record<string, string> = { vnic: "nic", vhba: "hba", vdas: "disk" };

const devicesIn = (p: Profile): Device[] => [...p.vnics, ...p.vhbas, ...p.vdas, ...p.exclusives];

function Devices({ p }: { p: Profile }) {
	const all: Device[] = devicesIn(p).sort((a, b) => a.order - b.order);
	if (!all.length) return <p class="in mut">{s.profiles.noDevices}</p>;
	return <div class="scrollx"><table class="t"><thead><tr><th scope="col">{s.profiles.order}</th><th scope="col">{s.profiles.name}</th><th scope="col">{s.profiles.kind}</th><th scope="col">{s.profiles.address}</th><th scope="col">{s.profiles.net}</th><th scope="col">{s.profiles.port}</th><th scope="col" class="num">{s.profiles.limit}</th><th scope="col">{s.profiles.state}</th><th scope="col"><span class="vh">{s.profiles.actions}</span></th></tr></thead>
		<tbody>{all.map((d) => {
			const addr = d.mac ?? d.wwpn;
			return <tr key={d.id}><td class="mut">{d.order}</td><td><span class="row"><Icon id={ICON[d.kind] ?? "chip"} /><b>{d.name}</b></span></td><td class="mut">{s.kind[d.kind]}</td>
				<td>{addr ? <Addr value={addr} word={d.mac ? "MAC" : "WWPN"} /> : s.none}</td><td class="nowrap"><DeviceNet d={d} /></td><td class="nowrap">{d.placed ? s.panel.port(d.placed.module, d.extent === "card" ? 0 : d.placed.port) : <span class="mut">{s.none}</span>}</td>
				<td class="num">{rateOf(d) ? num(rateOf(d)) : s.none}</td><td>{d.state === "idle" ? <State is="spare" word={m.lease.idle} /> : <State is={d.state} seen />}{d.lease && <> <a href="/leases" class="mut">{d.lease}</a></>}</td>
				<td class="num"><Menu small cls="right" label={`${s.profiles.actions}: ${d.name}`} entries={[...(addr ? [{ text: s.copyThis(addr), icon: "copy", act: () => void copyText(addr) }] : []), { text: s.panel.remove(d.name), icon: "trash", bad: true, act: () => reviewRemove(p.name, d.kind, d.name) }]} /></td></tr>;
		})}</tbody></table></div>;
}

function Boot({ p }: { p: Profile }) {
	const order = p.bootOrder ?? [];
	const find = (n: string): Device | undefined => devicesIn(p).find((d) => d.name === n);
	return <section class="card"><header><h2>{s.profiles.boot}</h2></header><div class="in">{order.length ? <ol class="plain">{order.map((n, i) => {
		const t = find(n)?.bootTargets?.[0];
		return <li key={n}><span class="k">{i + 1}</span><b>{n}</b><span class="mono mut clip">{t ? `${t.wwpn} ${s.hba.lunWord} ${t.lun}` : find(n)?.virtualDisks?.[0]?.name ?? s.profiles.pxe}</span></li>;
	})}</ol> : <p class="mut">{s.profiles.noBoot}</p>}</div></section>;
}

function Xml({ name, revision }: { name: string; revision: number }) {
	const [doc, setDoc] = useState<string | null>(null);
	const [open, setOpen] = useState(false);
	useEffect(() => {
		if (open) void text(`/profiles/${seg(name)}`, "application/xml").then(setDoc);
	}, [open, name, revision]);
	async function download(): Promise<void> {
		const url = URL.createObjectURL(new Blob([await text(`/profiles/${seg(name)}`, "application/xml")], { type: "application/xml" }));
		const a = document.createElement("a");
		a.href = url;
		a.download = `${name}.xml`;
		a.click();
		setTimeout(() => URL.revokeObjectURL(url), 1000);
	}
	return <section class="card"><header><h2>{s.profiles.xml}</h2><span class="mut clip">{s.profiles.xmlText}</span><span class="r"><Btn small icon="load" onClick={openImport}>{s.profiles.imp}</Btn><Btn small icon="save" onClick={() => void download()}>{s.profiles.download}</Btn></span></header>
		<details class="in" onToggle={(e) => setOpen(e.currentTarget.open)}><summary><Icon id="right" />{s.profiles.show}</summary>{doc != null && <div class="code-box"><pre class="code xml" tabIndex={0} aria-label={s.profiles.xml}>{doc}</pre><Copy text={doc} what={s.profiles.xml} /></div>}</details></section>;
}

export function ProfilePage({ name }: { name: string }) {
	const r = useMemo(() => new Resource<Profile>(`/profiles/${seg(name)}`, ["change", "view", "job"]), [name]);
	const p = use(r);
	if (!p) return <div class="page"><Crumbs up={[["/profiles", s.profiles.title]]} here={name} />{r.problem.value ? r.problem.value.status === 404 ? <Void page icon="profile" title={s.profiles.missing(name)} text={r.problem.value.detail} /> : <ProblemView p={r.problem.value} /> : <p class="mut">{s.loading}</p>}</div>;
	const target = { slot: p.slot, label: p.name, profile: p.name };
	return <div class="page"><Crumbs up={[["/profiles", s.profiles.title]]} here={p.name} />
		<div class="page-h"><h1 class="clip">{p.name}</h1><State is={p.state} pill seen word={p.slot == null ? wordOf(p.state) : s.stateIn(wordOf(p.state), p.slot)} /><span class="sub clip">{p.description} {s.profiles.revOf(p.revision)}</span>
			<div class="tools"><Btn kind="pri" icon="plus" onClick={() => openAddNic(target)}>{s.panel.addNic}</Btn><Btn onClick={() => openAddHba(target)}>{s.panel.addHba}</Btn><Btn onClick={() => openAddDisk(target)}>{s.panel.addDisk}</Btn>
				<Btn onClick={() => openMove(p.name, p.slot)}>{p.slot == null ? s.profiles.assign : s.panel.move}</Btn>
				<Menu label={s.profiles.more} icon="more" cls="right" entries={[{ text: s.panel.addCard, icon: "chip", act: () => openAddCard(target) }, { text: m.lease.temporary, icon: "clock", act: () => openLease(p.name) }, { text: s.profiles.release, icon: "undo", act: () => reviewRelease(p.name), why: p.slot == null ? s.profiles.unassigned : null },
					{ text: s.profiles.delete, icon: "trash", bad: true, act: () => propose(s.plan.deleteProfile(p.name), s.plan.deleteProfile(p.name), [{ method: "DELETE", path: `/profiles/${seg(p.name)}` }], { bad: true, onApplied: () => go("/profiles") }) }]} /></div></div>
		<div class="stack"><section class="card"><header><h2>{s.profiles.devices}</h2><span class="mut">{s.profiles.inOrder}</span></header><Devices p={p} /></section>
			<div class="two"><div class="stack"><Xml name={p.name} revision={p.revision} /><History key={p.revision} name={p.name} /></div>
				<div class="stack"><Failover p={p} /><Drift p={p} /><Boot p={p} /><section class="card"><header><h2>{s.profiles.identity}</h2><span class="r">{s.profiles.kept}</span></header><div class="in"><dl class="kv"><dt>{s.profiles.wwnn}</dt><dd>{p.wwnn ? <Addr value={p.wwnn} word={s.profiles.wwnn} /> : s.none}</dd><dt>{s.profiles.id}</dt><dd><Addr value={p.id} word={s.profiles.id} /></dd></dl></div></section></div></div></div>
	</div>;
}
