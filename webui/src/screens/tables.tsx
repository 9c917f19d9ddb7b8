// The plain lists: networks and SANs, pools, hardware.

import { useState } from "preact/hooks";
import { seg } from "../api";
import { bays, networks, pools, ports, sans, use } from "../store";
import { num, s } from "../strings";
import { m } from "../strings_more";
import { Bar, Btn, Pick, State, Text, Void } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { propose } from "./actions";
import { BayService } from "./replace";

/* --------------------------------------------------------- networks, SANs */

function NewNet() {
	const [name, setName] = useState("");
	const [vlan, setVlan] = useState("");
	const ok = name && /^\d{1,4}$/.test(vlan);
	return <Dialog title={s.networks.addNet} cls="narrow">
		<form class="form" id="f-net" onSubmit={(e) => {
			e.preventDefault();
			if (ok) propose(`${s.networks.makeNet} ${name}`, s.networks.makeNet, [{ method: "POST", path: "/networks", body: { name, vlan: Number(vlan) } }]);
		}}><Text label={s.networks.name} value={name} set={setName} focus /><Text label={s.networks.vlan} value={vlan} set={setVlan} max={4} /></form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-net" why={ok ? null : s.required}>{s.move.go}</Btn></span></div>
	</Dialog>;
}

function NewSan() {
	const [name, setName] = useState("");
	const [fabric, setFabric] = useState("A");
	return <Dialog title={s.networks.addSan} cls="narrow">
		<form class="form" id="f-san" onSubmit={(e) => {
			e.preventDefault();
			if (name) propose(`${s.networks.makeSan} ${name}`, s.networks.makeSan, [{ method: "POST", path: "/sans", body: { name, fabric } }]);
		}}><Text label={s.networks.name} value={name} set={setName} focus /><Pick label={s.networks.fabric} value={fabric} set={setFabric} options={[["A", "A"], ["B", "B"], ["other", s.hardware.classes.other ?? ""]]} /></form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-san" why={name ? null : s.required}>{s.move.go}</Btn></span></div>
	</Dialog>;
}

function Remove({ what, title, path }: { what: string; title: string; path: string }) {
	return <Btn kind="quiet" small icon="trash" label={s.networks.remove(what)} onClick={() => propose(title, title, [{ method: "DELETE", path }], { bad: true })} />;
}

export function Networks() {
	const nets = use(networks);
	const all = use(sans);
	const addNet = (): void => openDialog(<NewNet />);
	const addSan = (): void => openDialog(<NewSan />);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.networks.title}</h1></div><div class="stack">
		<section class="card"><header><h2>{s.networks.nets}</h2><span class="r"><Btn small icon="plus" onClick={addNet}>{s.networks.addNet}</Btn></span></header>
			{!nets ? <p class="in mut">{s.loading}</p> : !nets.length ? <Void icon="net" title={s.networks.none} text={s.networks.noneText} /> :
				<table class="t"><thead><tr><th scope="col">{s.networks.name}</th><th scope="col" class="num">{s.networks.vlan}</th><th scope="col">{s.networks.desc}</th><th scope="col" class="num">{s.networks.mtu}</th><th scope="col">{s.networks.used}</th><th scope="col"><span class="vh">{s.remove}</span></th></tr></thead>
					<tbody>{nets.map((n) => <tr key={n.id}><td><b>{n.name}</b></td><td class="num mono">{n.vlan}</td><td class="mut">{n.description}</td><td class="num">{n.mtuMax ? num(n.mtuMax) : s.none}</td><td>{s.networks.devices(n.usedBy ?? 0)}</td><td class="num"><Remove what={n.name} title={s.networks.removeTitle(n.name)} path={`/networks/${seg(n.name)}`} /></td></tr>)}</tbody></table>}</section>
		<section class="card"><header><h2>{s.networks.sans}</h2><span class="r"><Btn small icon="plus" onClick={addSan}>{s.networks.addSan}</Btn></span></header>
			{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="hba" title={s.networks.noneSan} text={s.networks.noneSanText} /> :
				<table class="t"><thead><tr><th scope="col">{s.networks.name}</th><th scope="col">{s.networks.fabric}</th><th scope="col" class="num">{s.networks.vsan}</th><th scope="col">{s.networks.desc}</th><th scope="col">{s.networks.used}</th><th scope="col"><span class="vh">{s.remove}</span></th></tr></thead>
					<tbody>{all.map((n) => <tr key={n.id}><td><b>{n.name}</b></td><td>{n.fabric}</td><td class="num mono">{n.vsan ?? s.none}</td><td class="mut">{n.description}</td><td>{s.networks.devices(n.usedBy ?? 0)}</td><td class="num"><Remove what={n.name} title={s.networks.removeSanTitle(n.name)} path={`/sans/${seg(n.name)}`} /></td></tr>)}</tbody></table>}</section>
	</div></div>;
}

/* ------------------------------------------------------------------ pools */

export function Pools() {
	const all = use(pools);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.pools.title}</h1></div><section class="card">
		{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="pool" title={s.pools.none} text={s.pools.noneText} /> :
			<table class="t"><thead><tr><th scope="col">{s.pools.name}</th><th scope="col">{s.pools.type}</th><th scope="col">{s.pools.blocks}</th><th scope="col">{s.pools.used}</th><th scope="col" class="num">{s.pools.free}</th><th scope="col" class="num">{s.pools.quarantined}</th></tr></thead>
				<tbody>{all.map((p) => <tr key={p.id} class="two-line"><td><b>{p.name}</b> {p.default && <span class="chip">{s.pools.def}</span>}</td><td>{s.pools.types[p.type] ?? p.type}</td>
					<td class="mono">{p.blocks.map((b) => <span class="block" key={b.from}>{b.from} – {b.to}</span>)}</td><td><Bar parts={[["was", p.size ? Math.max(p.used ? 1 : 0, 100 * p.used / p.size) : 0]]} /><small>{s.pools.fill(p.used, p.size)}</small></td><td class="num">{num(p.free)}</td><td class="num">{num(p.quarantined)}</td></tr>)}</tbody></table>}</section></div>;
}

/* --------------------------------------------------------------- hardware */

export function Hardware() {
	const all = use(bays);
	const links = use(ports);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.hardware.title}</h1></div><div class="stack">
		<section class="card"><header><h2>{s.hardware.bays}</h2></header>{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="chip" title={s.hardware.none} text={s.hardware.noneText} /> :
			<table class="t"><thead><tr><th scope="col">{s.hardware.bay}</th><th scope="col">{s.hardware.module}</th><th scope="col">{s.hardware.klass}</th><th scope="col">{s.hardware.pci}</th><th scope="col">{s.hardware.serial}</th><th scope="col">{s.hardware.functions}</th><th scope="col"><span class="vh">{m.replace.service}</span></th></tr></thead>
				<tbody>{all.map((b) => <tr key={b.number} class="two-line"><td><b>{b.name}</b></td><td>{b.module ? b.module.model ?? s.none : <State is="empty" word={s.hardware.empty} seen />}</td><td>{b.module ? s.hardware.classes[b.module.class] ?? b.module.class : ""}</td><td class="mono">{b.module?.pciId}</td><td class="mono">{b.module?.serial}</td>
					<td>{b.module && !b.module.functions.max ? <small>{s.hardware.whole}</small> : b.module && <><Bar parts={[["was", b.module.functions.max ? 100 * b.module.functions.used / b.module.functions.max : 0]]} /><small>{s.hardware.fn(b.module.functions.used, b.module.functions.max)}</small></>}</td>
					<td class="num"><BayService bay={b} /></td></tr>)}</tbody></table>}</section>
		<section class="card"><header><h2>{s.hardware.ports}</h2></header>{!links ? <p class="in mut">{s.loading}</p> :
			<table class="t"><thead><tr><th scope="col">{s.hardware.port}</th><th scope="col">{s.hardware.link}</th><th scope="col">{s.hardware.speed}</th><th scope="col">{s.hardware.address}</th><th scope="col">{s.hardware.mode}</th><th scope="col">{s.hardware.given}</th></tr></thead>
				<tbody>{links.map((p) => {
					const cap = p.speedMbps || p.capMbps;
					return <tr key={p.name} class="two-line"><td><b>{p.name}</b></td><td><State is={p.link === "up" ? "bound" : "empty"} word={p.link === "up" ? s.hardware.up : s.hardware.down} seen /></td><td>{p.link === "up" ? s.hardware.speedOf(p.speedMbps, p.capMbps) : s.none}</td><td class="mono">{p.address}</td><td>{all?.find((b) => b.number === p.bay)?.module?.class === "ethernet" && p.forwardingMode}</td>
						<td><Bar parts={[["was", cap ? 100 * (p.limitMbps ?? 0) / cap : 0]]} /><small>{s.hardware.givenOf(p.limitMbps ?? 0, cap)}</small></td></tr>;
				})}</tbody></table>}</section>
	</div></div>;
}
