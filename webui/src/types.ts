// The shapes of the API, as this interface reads them.  Fields that no page
// shows are left out; what may be null on the wire is null here.

export interface List<T> { items: T[]; next: string | null }

export interface ViewMark { number: number; at: string; state: "ok" | "unreachable" | "starting" }

export interface FaceplateModel {
	name?: string;
	slots: { rows: number[][] };
	bays: { number: number; name: string; width?: number }[];
}

export interface Appliance {
	id: string; name: string; model: string; modelNumber: number;
	software: string; generation: number;
	view: ViewMark; faceplate: FaceplateModel | null; user?: string;
}

export type SlotState = "empty" | "spare" | "bound" | "binding" | "failed" | "drift"
	| "unknown" | "disabled" | "maintenance" | "unbound";
export type DeviceState = "idle" | "unbound" | "binding" | "bound" | "releasing" | "scrubbing" | "failed" | "drift" | "missing";
export type JobState = "queued" | "running" | "waiting" | "rollingBack"
	| "applied" | "rolledBack" | "rollbackFailed";
export type Kind = "vnic" | "vhba" | "vdas" | "exclusive";

export interface BootTarget { wwpn: string; lun: number; priority?: number }
export interface VirtualDisk { name: string; raid: string; capacityMiB: number; number?: number | null; state?: string }

export interface Device {
	id: string; profile: string; kind: Kind; name: string; order: number;
	placed: { function: string; module: string; port: number; bridge: number } | null;
	state: DeviceState; osVisible?: "yes" | "no" | "unknown"; activation?: string | null; confirmedAt?: string | null;
	extent?: "card" | "function"; lease?: string | null; idle?: boolean;
	mac?: string; networks?: string[]; vlans?: number[]; vlanMode?: string; mtu?: number;
	qos?: { limitMbps?: number; guaranteeMbps?: number; classLimitMbps?: number | null };
	wwpn?: string; wwnn?: string; san?: string; bootTargets?: BootTarget[];
	virtualDisks?: VirtualDisk[];
}

export interface JobRef { id: string; state: JobState; title: string; done: number; of: number }

export interface Fault {
	id: string; code: string; severity: "critical" | "major" | "minor" | "warning" | "info";
	object?: { type: string; name: string }; slot?: number | null;
	text: string; remedy?: string; since: string; count?: number;
	state?: "soaking" | "active" | "flapping" | "cleared"; clearedAt?: string | null;
	ackedBy?: string | null; ackedAt?: string | null; slots?: number[]; profiles?: string[];
	offer?: Offer | null;
}

/** What would clear a fault: changes to plan, or an import to make. */
export interface Offer {
	kind: "swapBack" | "follow" | "followCard" | "accept" | "heal" | "adopt"; text: string; changes: Change[]; import: string | null;
}

export interface Slot {
	number: number; label: string; cableId?: string;
	adminState: "enabled" | "disabled" | "maintenance"; isSpare: boolean;
	link: { state: "up" | "down"; width?: number; gen?: number; capWidth?: number; capGen?: number };
	power: "on" | "off" | "unknown"; server: string | null;
	state: SlotState; locate?: boolean;
	profile: { id: string; name: string } | null;
	devices: Device[]; job: JobRef | null; faults: Fault[];
	confirmedAt: string | null; revision: number;
}

export interface Profile {
	id: string; name: string; description?: string; slot: number | null; wwnn?: string | null;
	affinity?: string; vnics: Device[]; vhbas: Device[]; vdas: Device[]; exclusives: Device[]; bootOrder?: string[];
	state: "unassigned" | "bound" | "binding" | "failed" | "drift";
	drift: "heal" | "alert" | "adopt";
	failover: { trigger: "manual" | "observe" | "auto"; hold: string; cooldown: string };
	homeSlot?: number | null;		/* a spare took over from there */
	revision: number; createdAt?: string; modifiedAt?: string;
}

export interface Revision { revision: number; at: string; actor?: string; job?: string | null; digest?: string }

export interface Network {
	id: string; name: string; description?: string; vlan: number;
	isolation?: string; mtuMax?: number; usedBy?: number; revision: number;
}
export interface San { id: string; name: string; description?: string; fabric?: string; vsan?: number | null; usedBy?: number; revision: number }
export interface Pool {
	id: string; name: string; type: string; order?: string; quarantine?: string;
	blocks: { from: string; to: string }[]; size: number; used: number; free: number;
	quarantined: number; default: boolean; revision: number;
}
export interface Module {
	name: string; bay: number; class: string; model: string | null; pciId: string; subsystem?: string;
	serial: string; ports: number; functions: { max: number; used: number }; physical: number;
}
export interface Bay { number: number; name: string; occupied: boolean; power?: string; service?: string; module: Module | null }
export interface Card { pciId: string; serial: string; class: string; model: string | null; ports?: number; functionsPerPort?: number; speedMbps?: number }
export interface Replacement {
	bay: string; service: string; power: string; former: Card | null; present: Card | null;
	same: boolean; sameClass: boolean; gone: boolean; elsewhere: string | null; server: string;
	differences: { name: string; before: unknown; after: unknown }[];
	profiles: { name: string; slot: number | null; losesAllPaths: boolean; devices: { name: string; kind: string; function: string; state: string; secondPath: string | null }[] }[];
	next: { step: string; method?: string; path: string | null; confirm: string[]; text: string }[];
}
export interface Port {
	name: string; bay: number; port: number; link: "up" | "down"; speedMbps: number; capMbps: number;
	address?: string; forwardingMode?: string; functions?: { max: number; used: number };
	limitMbps?: number; guaranteeMbps?: number;
}

export interface DiffEntry {
	op: "add" | "change" | "remove"; type: string; name: string; of: string | null;
	fields: { name: string; before: unknown; after: unknown }[];
}
export interface PlanStep { seq: number; level?: number; verb: string; text: string; slot?: number | null; function?: string | null; bridge?: number | null }
export interface Disruption { slot: number; class: "none" | "interrupts" | "destroysData"; text?: string }
export interface Check { code: string; severity: "B" | "C" | "W"; pointer?: string; detail: string; remedy?: string }
export interface Change { method: "POST" | "PUT" | "PATCH" | "DELETE"; path: string; body?: unknown }
export interface Plan {
	id: string; sentence: string; createdAt?: string; expiresAt?: string; digest: string; generation: number;
	changes?: Change[]; diff: DiffEntry[]; steps: PlanStep[]; disruption: Disruption[]; checks: Check[];
	applicable: boolean; objects?: { type: string; object: Record<string, unknown> }[];
}

export interface JobStep extends PlanStep {
	phase?: "forward" | "rollback"; state: "planned" | "intent" | "done" | "failed";
	startedAt?: string | null; endedAt?: string | null; error?: unknown;
}
export interface Job {
	id: string; kind: string; title: string; state: JobState; actor?: string;
	createdAt: string; startedAt?: string | null; endedAt?: string | null; generation?: number;
	slots?: number[]; sentence?: string; diff?: DiffEntry[]; steps?: JobStep[];
	error?: { code: string; detail: string } | null;
	undo?: { possible: boolean; why: string | null };
	cancel?: { possible: boolean; why: string | null };
	undoes?: string | null; undoneBy?: string | null;
	holds?: boolean;				/* what it touches is still its own */
	done?: number; of?: number;		/* in lists, where there are no steps */
}

/** A slot that can take over, or what is in its way. */
export interface Spare { slot: number; rank: number | null; fits: boolean; isSpare: boolean; usableMbps: number; server: string | null; reasons: string[] }

export interface OwnerSpan { state?: string; profile?: string | null; device?: string | null; slot?: number | null; since?: string | null; until?: string | null }
export interface Hit {
	kind: "identity" | "slot" | "profile" | "network" | "san" | "job" | "server" | "port";
	value?: string; role?: string; state?: string; slot?: number | null;
	profile?: string | null; device?: string | null; history?: OwnerSpan[];
	name?: string; path?: string; since?: string | null; until?: string | null;
}

export interface Answer { job?: string | { id: string } | null }
export interface Imported { id: string; plan: Plan; conflicts: unknown[] }
export interface SessionInfo { user: string; role?: string; csrf?: string; expiresAt?: string }
export interface ProblemItem { code: string; pointer?: string; detail?: string; remedy?: string; severity?: "B" | "C" | "W" }
