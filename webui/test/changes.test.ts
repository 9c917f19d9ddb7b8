// Change lists: what a form says, as calls.
import assert from "node:assert/strict";
import test from "node:test";
import { addCard, addDisk, addHba, addNic, freeName, move, nextName, nicNames, profileName, removeDevice, vlanName } from "../src/changes";
import type { NicForm } from "../src/changes";

const nic: NicForm = { name: "net0", picks: [{ name: "vlan-120", vlan: 120, isNew: true }], limitMbps: 0, pair: false, mac: "", mtu: null, modules: ["io1", "io2"] };
const empty = { slot: 3, label: "", profile: null };

test("a typed VLAN on an empty slot: network, profile, device, assignment, in this order", () => {
	assert.deepEqual(addNic(empty, nic, []), [
		{ method: "POST", path: "/networks", body: { name: "vlan-120", vlan: 120 } },
		{ method: "POST", path: "/profiles", body: { name: "slot-3" } },
		{ method: "POST", path: "/profiles/slot-3/vnics", body: { name: "net0", networks: ["vlan-120"], mac: "pool" } },
		{ method: "POST", path: "/profiles/slot-3:assign", body: { slot: 3 } },
	]);
});

test("a slot with a profile and a known network: one call", () => {
	const list = addNic({ slot: 3, label: "", profile: "web 1" }, { ...nic, picks: [{ name: "prod", vlan: 120, isNew: false }], limitMbps: 2500, mac: "0210.1800.001a", mtu: 9000 }, []);
	assert.deepEqual(list, [{ method: "POST", path: "/profiles/web%201/vnics",
		body: { name: "net0", networks: ["prod"], mac: "02:10:18:00:00:1A", qos: { limitMbps: 2500 }, mtu: 9000 } }]);
});

test("a pair lands on two modules", () => {
	const list = addNic({ slot: 3, label: "", profile: "p" }, { ...nic, picks: [{ name: "a", vlan: 1, isNew: false }], pair: true }, []);
	assert.deepEqual(list.map((c) => (c.body as { name: string; placement: { module: string } })).map((b) => [b.name, b.placement.module]), [["net0-a", "io1"], ["net0-b", "io2"]]);
	assert.deepEqual(nicNames({ name: "x", pair: false }), ["x"]);
});

test("an HBA with a new SAN and two boot targets", () => {
	const list = addHba(empty, { name: "hba0", san: "fabric-a", sanIsNew: true, fabric: "A", targets: [{ wwpn: "500601603BA01120", lun: 0 }, { wwpn: " ", lun: 0 }, { wwpn: "50-06-01-60-3b-a0-11-21", lun: 4 }] }, ["slot-3"]);
	assert.deepEqual(list.map((c) => c.path), ["/sans", "/profiles", "/profiles/slot-3-2/vhbas", "/profiles/slot-3-2:assign"]);
	assert.deepEqual((list[2]?.body as { bootTargets: unknown }).bootTargets, [
		{ wwpn: "50:06:01:60:3B:A0:11:20", lun: 0, priority: 1 }, { wwpn: "50:06:01:60:3B:A0:11:21", lun: 4, priority: 2 }]);
});

test("a disk", () => {
	assert.deepEqual(addDisk({ slot: null, label: "", profile: "p" }, { name: "disk0", disk: "p-disk0", raid: "RAID1", capacityMiB: 32768 }, []),
		[{ method: "POST", path: "/profiles/p/vdas", body: { name: "disk0", virtualDisks: [{ name: "p-disk0", raid: "RAID1", capacityMiB: 32768 }] } }]);
});

test("a whole card", () => {
	assert.deepEqual(addCard({ slot: 3, label: "", profile: "p" }, { name: "card0", module: "io4", extent: "card" }, []),
		[{ method: "POST", path: "/profiles/p/exclusives", body: { name: "card0", extent: "card", placement: { module: "io4" } } }]);
	assert.deepEqual(removeDevice("p", "exclusive", "card0")[0]?.path, "/profiles/p/exclusives/card0");
});

test("moving and removing", () => {
	assert.deepEqual(move("p", 4), [{ method: "POST", path: "/profiles/p:move", body: { slot: 4 } }]);
	assert.deepEqual(removeDevice("p", "vnic", "net0")[0]?.path, "/profiles/p/vnics/net0");
	assert.deepEqual(removeDevice("p", "vdas", "d")[0]?.path, "/profiles/p/vdas/d");
});

const NAMES: [number, string, string[], string][] = [
	[3, "", [], "slot-3"], [3, "esx-03", [], "esx-03"], [3, "esx-03", ["ESX-03"], "esx-03-2"], [3, "42", [], "slot-3"],
	[3, "two words", [], "slot-3"], [3, "", ["slot-3", "slot-3-2"], "slot-3-3"],
];
for (const [slot, label, taken, want] of NAMES)
	test(`slot ${slot} labelled "${label}" makes ${want}`, () => assert.equal(profileName(slot, label, taken), want));

test("free names", () => {
	assert.equal(freeName("a", ["A", "a-2"]), "a-3");
	assert.equal(nextName("net", ["net0", "net2"]), "net1");
	assert.equal(vlanName(7, ["vlan-7"]), "vlan-7-2");
});
