// One profile with a device of each kind, by the fixed calls, and what the
// servers must see of it.  Shared by the tests of truth, moves and crashes.
import assert from "node:assert/strict";

export const VLAN = 120;
export const TARGETS = [
  { wwpn: "50:06:01:60:3B:20:11:01", lun: 0, priority: 1 },
  { wwpn: "50:06:01:68:3B:20:11:01", lun: 5, priority: 2 },
];

/** Makes network, SAN and profile `name` with net0, fc0 and das0; no slot is touched. */
export async function makeProfile(house, name) {
  await house.must(201, "POST", "/networks", { name: `${name}-prod`, vlan: VLAN });
  await house.must(201, "POST", "/sans", { name: `${name}-fab-a` });
  await house.must(201, "POST", "/profiles", { name });
  await house.must(201, "POST", `/profiles/${name}/vnics`, { name: "net0", networks: [`${name}-prod`],
    qos: { limitMbps: 4000 }, mac: "pool" });
  await house.must(201, "POST", `/profiles/${name}/vhbas`, { name: "fc0", san: `${name}-fab-a`, bootTargets: TARGETS });
  await house.must(201, "POST", `/profiles/${name}/vdas`, { name: "das0",
    virtualDisks: [{ name: "root", raid: "RAID1", capacityMiB: 10240 }] });
  return addresses(house, name);
}

/** The addresses the profile has been given. */
export async function addresses(house, name) {
  const p = await house.must(200, "GET", `/profiles/${name}`);
  assert.equal(p.vnics.length + p.vhbas.length + p.vdas.length, 3);
  return { mac: p.vnics[0].mac, wwpn: p.vhbas[0].wwpn, wwnn: p.vhbas[0].wwnn };
}

/** Exactly one server sees the profile's devices: all three, as wanted. */
export async function onlyAt(house, slot, { mac, wwpn }, { disks = 1 } = {}) {
  const seen = await house.seenByServers();
  assert.deepEqual(seen.filter((f) => f.slot !== slot), [], `somebody else than slot ${slot} sees something`);
  const of = (kind) => seen.filter((f) => f.kind === kind);
  const [nic, fc, raid] = [of("nic"), of("fc"), of("raid")];
  assert.deepEqual([nic.length, fc.length, raid.length], [1, 1, 1], JSON.stringify(seen));
  assert.equal(nic[0].id, "8086:10ed");
  assert.equal(nic[0].mac, mac);
  assert.deepEqual(nic[0].vlans, [VLAN]);
  assert.equal(nic[0].limitMbps, 4000);
  assert.equal(fc[0].id, "1077:2532");
  assert.equal(fc[0].wwpn, wwpn);
  assert.deepEqual(fc[0].boot, TARGETS);
  assert.equal(raid[0].id, "1000:0079");
  assert.equal(raid[0].disks.length, disks);
  for (const d of raid[0].disks) assert.deepEqual([d.raid, d.capacityMiB, d.state], [1, 10240, "optimal"]);
  return seen;
}

export async function noViolation(house) {
  const v = await house.ctl("violations");
  assert.equal(v.count, 0, JSON.stringify(v.items));
}

export async function slotOf(house, name) {
  return (await house.must(200, "GET", `/profiles/${name}`)).slot;
}
