// The answers of /find, put in the order in which somebody reads them: who has
// it now, who had it before, and the places that match by name.

import type { Hit } from "./types";

export interface Row {
	id: string;
	kind: string;			/* names the icon */
	title: string;
	isAddress: boolean;
	path: string[];
	from: string | null;
	until: string | null;
	to: string | null;		/* page that Enter opens */
	slot: number | null;
}

export interface Groups { now: Row[]; before: Row[]; places: Row[] }

// What has no page of its own is shown on the page of its kind.
const PAGE: Record<string, string> = { network: "/networks", san: "/networks", port: "/hardware" };

const ICON: Record<string, string> = { mac: "nic", wwpn: "hba", wwnn: "hba", uuid: "profile" };

function pathOf(slot: number | null | undefined, profile: string | null | undefined, device: string | null | undefined, word: (n: number) => string): string[] {
	return [slot == null ? "" : word(slot), profile ?? "", device ?? ""].filter(Boolean);
}

function pageOf(slot: number | null | undefined, profile: string | null | undefined): string | null {
	if (slot != null) return `/slots/${slot}`;
	return profile ? `/profiles/${encodeURIComponent(profile)}` : null;
}

/** `slotWord` says "slot 3"; the rows get ids hit-0 … in reading order. */
export function group(hits: readonly Hit[], slotWord: (n: number) => string): Groups {
	const g: Groups = { now: [], before: [], places: [] };
	for (const h of hits) {
		if (h.kind !== "identity") {
			g.places.push({ id: "", kind: h.kind, title: h.name ?? "", isAddress: false,
				path: [h.kind], from: null, until: null,
				to: PAGE[h.kind] ?? h.path ?? pageOf(h.slot, null), slot: h.slot ?? null });
			continue;
		}
		const kind = ICON[h.role ?? "mac"] ?? "nic";
		const base = { id: "", kind, title: h.value ?? "", isAddress: true };
		const spans = h.history ?? [];
		const open = spans.find((x) => !x.until);
		const live = h.slot != null || h.profile != null || open != null;
		if (live)
			g.now.push({ ...base, path: pathOf(h.slot, h.profile ?? open?.profile, h.device ?? open?.device, slotWord),
				from: h.since ?? open?.since ?? null, until: null,
				to: pageOf(h.slot, h.profile), slot: h.slot ?? null });
		for (const x of spans.filter((y) => y !== open && y.until))
			g.before.push({ ...base, path: pathOf(x.slot, x.profile, x.device, slotWord),
				from: x.since ?? null, until: x.until ?? null, to: pageOf(x.slot, x.profile), slot: x.slot ?? null });
		if (!live && !spans.length)
			g.before.push({ ...base, path: [h.state ?? ""].filter(Boolean), from: null, until: null, to: null, slot: null });
	}
	[...g.now, ...g.before, ...g.places].forEach((r, i) => (r.id = `hit-${i}`));
	return g;
}
