// Devices for a time: which are lent, to whom and when; the next week, in local time
// and UTC; a new one, whose plan says at once what it collides with.

import { useEffect, useMemo, useState } from "preact/hooks";
import { get, seg } from "../api";
import * as make from "../changes";
import { bays, networks, profiles, Resource, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Change, Device } from "../types";
import { Banner, Btn, Icon, Pick, State, Text, Void } from "../ui/bits";
import { openDialog } from "../ui/dialog";
import { propose } from "./actions";
import { Frame, useNames } from "./add";

const w = m.lease;

interface Time { start: string; end: string; startUtc: string; endUtc: string; note: string | null }
interface Lease {
	id: string; name: string; profile: string; timeZone: string; recurrence: string | null; until: string | null; onEnd: string; queue: boolean;
	state: string; endsAt: string | null; occurrences: Time[]; vnic?: Device; vhba?: Device; vdas?: Device; exclusive?: Device;
}

/** What the shapes of other states say of these. */
const LOOKS: Record<string, string> = { on: "bound", waiting: "binding", scheduled: "spare", overdue: "failed", over: "empty" };
const deviceOf = (l: Lease): Device | undefined => l.vnic ?? l.vhba ?? l.vdas ?? l.exclusive;
const day = (t: string): string => t.slice(0, 16).replace("T", " ");
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/* -------------------------------------------------------------------- new */

const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const noZone = (zone: string): boolean => {
	try {
		new Intl.DateTimeFormat("en", { timeZone: zone });
		return false;
	} catch {
		return true;
	}
};

/** The time on the clock of a zone, so many days on, at that hour. */
function hourOf(days: number, hour: string): string {
	const d = new Date(Date.now() + days * 864e5);
	const two = (n: number): string => String(n).padStart(2, "0");
	return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${hour}`;
}

function When({ value, set, label }: { value: string; set: (v: string) => void; label: string }) {
	return <Text label={label} type="datetime-local" value={value} set={set} />;
}

function NewLease({ profile }: { profile: string | null }) {
	const all = use(profiles) ?? [], nets = use(networks) ?? [];
	const cards = (use(bays) ?? []).flatMap((b) => b.module?.physical ? [b.module] : []);
	const [typedProfile, setProfile] = useState(profile ?? "");
	const owner = typedProfile || all[0]?.name || "";
	const target = { slot: null, label: owner, profile: owner || null };
	const [kind, setKind] = useState("vnic");
	const have = useNames(target, kind === "vnic" ? "vnics" : "exclusives");
	const [net, setNet] = useState("");
	const [module, setModule] = useState("");
	const [name, setName] = useState("night");
	const [start, setStart] = useState(hourOf(0, "22:00"));
	const [end, setEnd] = useState(hourOf(1, "04:00"));
	const [zone, setZone] = useState(here());
	const [repeat, setRepeat] = useState("");
	const [days, setDays] = useState<string[]>(DAYS.slice(0, 5));
	const [until, setUntil] = useState("");
	const [onEnd, setOnEnd] = useState("release");
	const [queue, setQueue] = useState(false);
	const network = net || nets[0]?.name || "", card = module || cards[0]?.name || "";
	const what = kind === "vnic" ? network && { vnic: { name: make.nextName("lent", have.devices), networks: [network] } }
		: card && { exclusive: { name: make.nextName("card", have.devices), extent: "card", placement: { module: card } } };
	const rule = repeat === "WEEKLY" ? `FREQ=WEEKLY;BYDAY=${DAYS.filter((d) => days.includes(d)).join(",")}` : repeat && `FREQ=${repeat}`;
	const ready = have.ready && owner && what && name && start && end && !noZone(zone) && (repeat !== "WEEKLY" || days.length > 0);
	const changes: Change[] | null = ready ? [{ method: "POST", path: "/leases", body: {
		name, profile: owner, start, end, timeZone: zone, ...(rule ? { recurrence: rule } : {}), ...(rule && until ? { until } : {}), onEnd, ...(queue ? { queue } : {}), ...what } }] : null;
	return <Frame title={w.newTitle} target={target} kind={kind === "vnic" ? "vnic" : "exclusive"} newProfile={null} changes={changes} button={w.go(name, owner)}>{() => <>
		{profile == null && <Pick label={w.profile} value={owner} set={setProfile} options={all.map((p) => [p.name, p.name])} />}
		<Text label={s.dev.name} value={name} set={setName} focus />
		<Pick label={w.what} value={kind} set={setKind} options={[["vnic", w.vnic], ["exclusive", w.card]]} />
		{kind === "vnic" ? nets.length ? <Pick label={w.network} value={network} set={setNet} options={nets.map((n) => [n.name, `${n.name} (${n.vlan})`])} /> : <p class="hint">{w.noNetwork}</p>
			: cards.length ? <Pick label={m.card.module} value={card} set={setModule} options={cards.map((x) => [x.name, `${x.name} ${x.model ?? x.pciId}`])} /> : <p class="hint">{m.card.none}</p>}
		<When label={w.start} value={start} set={setStart} />
		<When label={w.end} value={end} set={setEnd} />
		<Text label={w.zone} value={zone} set={setZone} hint={w.zoneHint} bad={noZone(zone) ? w.noZone : null} />
		<Pick label={w.repeat} value={repeat} set={setRepeat} options={[["", w.once], ["DAILY", w.daily], ["WEEKLY", w.weekly]]} />
		{repeat === "WEEKLY" && <fieldset class="field"><legend class="lab">{w.days}</legend><span class="row">{DAYS.map((d, i) => <label key={d} class="row"><input type="checkbox" checked={days.includes(d)}
			onChange={(e) => setDays(e.currentTarget.checked ? [...days, d] : days.filter((x) => x !== d))} />{w.dayNames[i]}</label>)}</span></fieldset>}
		{repeat && <Text label={w.until} type="date" value={until} set={setUntil} hint={w.untilHint} />}
		<Pick label={w.onEnd} value={onEnd} set={setOnEnd} options={[["release", w.ends.release ?? ""], ["keep-if-busy", w.ends["keep-if-busy"] ?? ""], ["force", w.ends.force ?? ""]]} />
		<label class="row"><input type="checkbox" checked={queue} onChange={(e) => setQueue(e.currentTarget.checked)} />{w.queue}</label>
	</>}</Frame>;
}

export const openLease = (profile: string | null): void => openDialog(<NewLease profile={profile} />);

/* ------------------------------------------------------------------- list */

function Row({ l }: { l: Lease }) {
	const next = l.occurrences[0];
	const device = deviceOf(l);
	const verb = (what: "begin" | "end", title: string): void => propose(title, title, [{ method: "POST", path: `/leases/${seg(l.name)}:${what}`, body: {} }]);
	return <tr><td><b>{l.name}</b></td><td><a href={`/profiles/${seg(l.profile)}`}>{l.profile}</a></td><td>{device ? <span class="row"><Icon id={device.kind === "vnic" ? "nic" : device.kind === "vhba" ? "hba" : device.kind === "vdas" ? "disk" : "chip"} />{device.name}</span> : s.none}</td>
		<td class="nowrap">{next ? <time dateTime={next.startUtc} title={`${day(next.startUtc)} UTC`}>{w.span(day(next.start), day(next.end))}</time> : s.none}</td><td class="mut">{l.timeZone}</td><td class="mut">{w.rule(l.recurrence, l.until)}</td>
		<td><State is={LOOKS[l.state] ?? l.state} word={w.states[l.state]} /></td>
		<td><span class="row">{l.state === "waiting" ? <Btn small onClick={() => verb("begin", w.begin(l.name))}>{w.beginNow}</Btn> : <Btn small why={l.endsAt ? null : w.notOn} onClick={() => verb("end", w.endTitle(l.name))}>{w.endNow}</Btn>}
			<Btn small kind="quiet" icon="trash" label={w.remove(l.name)} onClick={() => propose(w.remove(l.name), w.remove(l.name), [{ method: "DELETE", path: `/leases/${seg(l.name)}` }], { bad: true })} /></span></td></tr>;
}

interface Slot { l: Lease; t: Time }

/** What happens in the next seven days, by time. */
function Week({ mark }: { mark: unknown }) {
	const [list, setList] = useState<Slot[] | null>(null);
	useEffect(() => {
		const from = new Date(), to = new Date(from.getTime() + 7 * 864e5);
		get<{ items: Lease[] }>(`/leases?from=${from.toISOString()}&to=${to.toISOString()}&limit=1024`).then((x) =>
			setList(x.items.flatMap((l) => l.occurrences.map((t) => ({ l, t }))).sort((a, b) => a.t.startUtc < b.t.startUtc ? -1 : 1)), () => setList([]));
	}, [mark]);
	return <section class="card"><header><h2>{w.week}</h2><span class="mut">{w.weekText}</span></header>{list?.length ? <div class="scrollx" tabIndex={0} role="region" aria-label={w.week}>
		<table class="t"><thead><tr><th scope="col">{w.local}</th><th scope="col">{w.zone}</th><th scope="col">{w.utc}</th><th scope="col">{w.lease}</th><th scope="col">{w.note}</th></tr></thead>
			<tbody>{list.map(({ l, t }) => <tr key={l.id + t.startUtc}><td class="nowrap">{w.span(day(t.start), day(t.end))}</td><td class="mut">{l.timeZone}</td><td class="nowrap mono">{w.span(day(t.startUtc), day(t.endUtc))}</td><td>{l.name} <span class="mut">{l.profile}</span></td>
				<td>{t.note ? <span class="row"><Icon id="warn" />{t.note}</span> : s.none}</td></tr>)}</tbody></table></div> : <p class="in mut">{list ? w.quiet : s.loading}</p>}</section>;
}

export function Leases() {
	const r = useMemo(() => new Resource<{ items: Lease[] }>("/leases?limit=1024", ["change", "job"]), []);
	const all = use(r)?.items;
	const line = all?.some((l) => l.state === "overdue");
	return <div class="page" tabIndex={0}><div class="page-h"><h1>{w.title}</h1><div class="tools"><Btn kind="pri" icon="plus" onClick={() => openLease(null)}>{w.new}</Btn></div></div>
		<div class="stack">{line && <Banner kind="bad" icon="warn">{w.overdue}</Banner>}
			<section class="card">{!all ? <p class="in mut">{s.loading}</p> : !all.length ? <Void icon="clock" title={w.none} text={w.noneText}><Btn kind="pri" icon="plus" onClick={() => openLease(null)}>{w.new}</Btn></Void> :
				<div class="scrollx" tabIndex={0} role="region" aria-label={w.title}><table class="t"><thead><tr><th scope="col">{s.profiles.name}</th><th scope="col">{w.profile}</th><th scope="col">{w.device}</th><th scope="col">{w.next}</th><th scope="col">{w.zone}</th><th scope="col">{w.repeat}</th><th scope="col">{s.profiles.state}</th><th scope="col"><span class="vh">{s.profiles.actions}</span></th></tr></thead>
					<tbody>{all.map((l) => <Row key={l.id} l={l} />)}</tbody></table></div>}</section>
			{all != null && all.length > 0 && <Week mark={all} />}</div></div>;
}
