// Faults: what is wrong, whom it touches, what to do, and who has seen it.

import { useMemo, useState } from "preact/hooks";
import { ackFault, importSeen, Problem } from "../api";
import { Resource, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Fault, Offer } from "../types";
import { Ago, Btn, say, State, Void } from "../ui/bits";
import { review } from "../ui/plan";
import { propose } from "./actions";

type Which = "open" | "acked" | "cleared";

const isOf: Record<Which, (f: Fault) => boolean> = {
	open: (f) => f.state !== "cleared" && !f.ackedBy,
	acked: (f) => f.state !== "cleared" && !!f.ackedBy,
	cleared: (f) => f.state === "cleared",
};

const EMPTY: Record<Which, [title: string, text: string]> = {
	open: [s.faults.none, s.faults.noneText],
	acked: [m.fault.noneAcked, m.fault.ackedText],
	cleared: [m.fault.noneCleared, m.fault.clearedText],
};

async function ack(f: Fault, r: Resource<Fault[]>): Promise<void> {
	try {
		await ackFault(f.id);
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		say(e.message);
	}
	await r.load();
}

const ICON: Record<Offer["kind"], string> = { swapBack: "undo", follow: "move", followCard: "move", accept: "chip", heal: "undo", adopt: "plus" };

/** What would clear it, as a plan first. */
function take(o: Offer): void {
	const button = m.fault.offers[o.kind];
	if (o.import) void review({ title: o.text, button, again: async () => (await importSeen(o.import!)).plan });
	else propose(o.text, button, o.changes);
}

/** The slots with their profiles, or the thing itself. */
function Whom({ f }: { f: Fault }) {
	const slots = f.slots?.length ? f.slots : f.slot ? [f.slot] : [];
	const own = f.object && f.object.type !== "slot" ? <b>{f.object.name} </b> : null;
	return <>{own}{slots.map((n, i) => <span key={n}>{i > 0 && ", "}<a href={`/slots/${n}`}>{s.slot(n)}</a></span>)}
		{!!f.profiles?.length && <small>{f.profiles.join(", ")}</small>}<small class="mono">{f.code}</small></>;
}

function Row({ f, r }: { f: Fault; r: Resource<Fault[]> }) {
	const state = f.state ?? "active";
	return <tr class="two-line"><td class="nowrap"><State is={f.severity} word={s.severity[f.severity]} /></td>
		<td><Whom f={f} /></td><td>{f.text}<small>{f.remedy}</small></td>
		<td class="nowrap">{m.fault.states[state]}{state === "soaking" && <small>{m.fault.soaking}</small>}{f.ackedBy && <small>{m.fault.by(f.ackedBy)} <Ago at={f.ackedAt} /></small>}</td>
		<td class="mut nowrap"><Ago at={state === "cleared" ? f.clearedAt : f.since} /></td><td class="num">{f.count ?? 1}</td>
		<td class="num nowrap">{f.offer && <Btn small icon={ICON[f.offer.kind]} onClick={() => take(f.offer!)}>{m.fault.offers[f.offer.kind]}</Btn>} {isOf.open(f) && <Btn small icon="check" onClick={() => void ack(f, r)}>{m.fault.ack}</Btn>}</td></tr>;
}

function Table({ list, r }: { list: Fault[]; r: Resource<Fault[]> }) {
	return <table class="t"><thead><tr><th scope="col">{s.faults.severity}</th><th scope="col">{s.faults.object}</th><th scope="col">{s.faults.text}</th><th scope="col">{m.fault.state}</th><th scope="col">{s.faults.since}</th><th scope="col" class="num">{s.faults.count}</th><th scope="col"><span class="vh">{m.fault.ack}</span></th></tr></thead>
		<tbody>{list.map((f) => <Row key={f.id} f={f} r={r} />)}</tbody></table>;
}

export function Faults() {
	const r = useMemo(() => new Resource<Fault[]>("/faults?state=all", ["change", "view", "job"], (v) => (v as { items: Fault[] }).items), []);
	const [which, choose] = useState<Which>("open");
	const all = use(r);
	const list = all?.filter(isOf[which]);
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{s.faults.title}</h1>
		<div class="tools"><div class="seg" role="radiogroup" aria-label={m.fault.which}>{(["open", "acked", "cleared"] as const).map((w) =>
			<label key={w}><input type="radio" name="which" checked={which === w} onChange={() => choose(w)} />{m.fault[w]} {all?.filter(isOf[w]).length ?? ""}</label>)}</div></div></div>
		<section class="card">{!list ? <p class="in mut">{s.loading}</p> : !list.length ? <Void icon="check" title={EMPTY[which][0]} text={EMPTY[which][1]} /> : <Table list={list} r={r} />}</section></div>;
}
