// What the dialogs ask for, as change lists for POST /plans.  Pure: a dialog
// hands in what was typed and what exists, and gets the calls that say it.
// No rule is checked here; the plan answers with all of them.

import { digits, colons } from "./addr";
import type { BootTarget, Change, Slot } from "./types";

export interface Target {
	slot: number | null;
	label: string;
	profile: string | null;		/* null: the slot has none yet */
}

export interface NetPick { name: string; vlan: number; isNew: boolean }

const seg = encodeURIComponent;

/** A name that is not taken: "net" -> "net", "net-2", … (names differ by more than case). */
export function freeName(wish: string, taken: readonly string[]): string {
	const has = new Set(taken.map((t) => t.toLowerCase()));
	if (!has.has(wish.toLowerCase())) return wish;
	for (let n = 2; ; n++)
		if (!has.has(`${wish}-${n}`.toLowerCase())) return `${wish}-${n}`;
}

/** net0, net1, …: the first that this profile has not. */
export function nextName(stem: string, taken: readonly string[]): string {
	for (let n = 0; ; n++)
		if (!taken.includes(`${stem}${n}`)) return `${stem}${n}`;
}

/** What a slot's own profile is called: its label when that can be a name, else slot-N. */
export function profileName(slot: number, label: string, taken: readonly string[]): string {
	const ok = /^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/.test(label) && !/^\d+$/.test(label);
	return freeName(ok ? label : `slot-${slot}`, taken);
}

/** What a VLAN number that no network has is called. */
export function vlanName(vlan: number, taken: readonly string[]): string {
	return freeName(`vlan-${vlan}`, taken);
}

/** The target's profile, made and assigned around `inner` when the slot has none. */
function within(t: Target, taken: readonly string[], inner: (profile: string) => Change[]): Change[] {
	if (t.profile) return inner(t.profile);
	if (t.slot == null) return [];
	const name = profileName(t.slot, t.label, taken);
	return [
		{ method: "POST", path: "/profiles", body: { name } },
		...inner(name),
		{ method: "POST", path: `/profiles/${seg(name)}:assign`, body: { slot: t.slot } },
	];
}

export interface NicForm {
	name: string; picks: NetPick[]; limitMbps: number; pair: boolean;
	mac: string;			/* "" = from the pool */
	mtu: number | null; modules: string[];
}

/** The names of the NICs that a form makes. */
export function nicNames(f: Pick<NicForm, "name" | "pair">): string[] {
	return f.pair ? [`${f.name}-a`, `${f.name}-b`] : [f.name];
}

export function addNic(t: Target, f: NicForm, profiles: readonly string[]): Change[] {
	const nets = f.picks.filter((p) => p.isNew).map((p): Change =>
		({ method: "POST", path: "/networks", body: { name: p.name, vlan: p.vlan } }));
	return [...nets, ...within(t, profiles, (profile) => nicNames(f).map((name, i): Change => ({
		method: "POST",
		path: `/profiles/${seg(profile)}/vnics`,
		body: {
			name,
			networks: f.picks.map((p) => p.name),
			mac: f.mac ? colons(digits(f.mac)) || f.mac : "pool",
			...(f.limitMbps ? { qos: { limitMbps: f.limitMbps } } : {}),
			...(f.mtu ? { mtu: f.mtu } : {}),
			...(f.pair && f.modules[i] ? { placement: { module: f.modules[i] } } : {}),
		},
	})))];
}

export interface HbaForm { name: string; san: string; sanIsNew: boolean; fabric: string; targets: BootTarget[] }

export function addHba(t: Target, f: HbaForm, profiles: readonly string[]): Change[] {
	const san: Change[] = f.sanIsNew
		? [{ method: "POST", path: "/sans", body: { name: f.san, fabric: f.fabric } }] : [];
	const targets = f.targets.filter((b) => b.wwpn.trim()).map((b, i) =>
		({ wwpn: colons(digits(b.wwpn)) || b.wwpn, lun: b.lun, priority: i + 1 }));
	return [...san, ...within(t, profiles, (profile) => [{
		method: "POST",
		path: `/profiles/${seg(profile)}/vhbas`,
		body: { name: f.name, san: f.san, ...(targets.length ? { bootTargets: targets } : {}) },
	}])];
}

export interface DiskForm { name: string; disk: string; raid: string; capacityMiB: number }

export function addDisk(t: Target, f: DiskForm, profiles: readonly string[]): Change[] {
	return within(t, profiles, (profile) => [{
		method: "POST",
		path: `/profiles/${seg(profile)}/vdas`,
		body: { name: f.name, virtualDisks: [{ name: f.disk, raid: f.raid, capacityMiB: f.capacityMiB }] },
	}]);
}

export interface CardForm { name: string; module: string; extent: string }

export function addCard(t: Target, f: CardForm, profiles: readonly string[]): Change[] {
	return within(t, profiles, (profile) => [{
		method: "POST",
		path: `/profiles/${seg(profile)}/exclusives`,
		body: { name: f.name, extent: f.extent, placement: { module: f.module } },
	}]);
}

/** To a spare by policy: the slot that it leaves waits for repair, the spare is used up. */
export function move(profile: string, slot: number, spare = false): Change[] {
	return [{ method: "POST", path: `/profiles/${seg(profile)}:move`, body: spare ? { policy: "spare", slot } : { slot } }];
}

export function swap(profile: string, other: string): Change[] {
	return [{ method: "POST", path: `/profiles/${seg(profile)}:swap`, body: { with: other } }];
}

export function assign(profile: string, slot: number): Change[] {
	return [{ method: "POST", path: `/profiles/${seg(profile)}:assign`, body: { slot } }];
}

export function release(profile: string): Change[] {
	return [{ method: "POST", path: `/profiles/${seg(profile)}:release`, body: {} }];
}

export function removeDevice(profile: string, kind: string, name: string): Change[] {
	const room = kind === "vdas" ? "vdas" : `${kind}s`;
	return [{ method: "DELETE", path: `/profiles/${seg(profile)}/${room}/${seg(name)}` }];
}

export function patchSlot(slot: Slot, body: Record<string, unknown>): Change[] {
	return [{ method: "PATCH", path: `/slots/${slot.number}`, body }];
}

export function isolate(slot: number): Change[] {
	return [{ method: "POST", path: `/slots/${slot}:isolate`, body: {} }];
}
