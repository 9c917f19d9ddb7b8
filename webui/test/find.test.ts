// The order of what was found.
import assert from "node:assert/strict";
import test from "node:test";
import { group } from "../src/find";

const word = (n: number): string => `slot ${n}`;

test("now, then before, then places; ids in reading order", () => {
	const g = group([
		{ kind: "slot", name: "slot 3", path: "/slots/3" },
		{ kind: "identity", value: "02:10:18:00:00:1A", role: "mac", state: "live", slot: 3, profile: "web", device: "net0", history: [
			{ state: "live", profile: "web", device: "net0", since: "2026-10-12T00:00:00Z", until: null },
			{ state: "released", profile: "old", device: "eth0", since: "2025-01-01T00:00:00Z", until: "2025-02-01T00:00:00Z" }] },
	], word);
	assert.deepEqual(g.now.map((r) => [r.id, r.path, r.to, r.from]), [["hit-0", ["slot 3", "web", "net0"], "/slots/3", "2026-10-12T00:00:00Z"]]);
	assert.deepEqual(g.before.map((r) => [r.id, r.path, r.to]), [["hit-1", ["old", "eth0"], "/profiles/old"]]);
	assert.deepEqual(g.places.map((r) => [r.id, r.title, r.to]), [["hit-2", "slot 3", "/slots/3"]]);
});

test("an address that nobody has is not shown as live", () => {
	const g = group([{ kind: "identity", value: "02:10:18:00:00:1A", role: "mac", state: "quarantined", history: [] }], word);
	assert.equal(g.now.length, 0);
	assert.deepEqual(g.before[0]?.path, ["quarantined"]);
});
