// One file: what was lost comes back, as it is, onto other hardware, or not at all.
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, changing, replay } from "./lib.mjs";
import { noViolation } from "./scenario.mjs";

const XML = { type: "application/xml" };
const SLOTS = 16;
const soon = (c) => { c.ackMs = 20; };

/** Profiles that fill a vio-4001: two vNICs each, a vHBA, every second one a vDAS. */
async function furnish(house, n) {
  await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
  await house.must(201, "POST", "/networks", { name: "backup", vlan: 130, allowedPorts: ["io1/2", "io2/2"] });
  await house.must(201, "POST", "/sans", { name: "fab-a" });
  for (let slot = 1; slot <= n; slot++) {
    const name = `esx-${slot}`;
    await house.must(201, "POST", "/profiles", { name, description: `in slot ${slot}` });
    await house.must(201, "POST", `/profiles/${name}/vnics`, { name: "net0", networks: ["prod"],
      qos: { limitMbps: 4000 }, placement: slot % 4 === 0 ? { module: "io2" } : {} });
    await house.must(201, "POST", `/profiles/${name}/vnics`, { name: "net1", networks: ["backup"] });
    if (slot !== 2) await house.must(201, "POST", `/profiles/${name}/vhbas`, { name: "fc0", san: "fab-a",
      bootTargets: [{ wwpn: "50:06:01:60:3B:20:11:01", lun: slot, priority: 1 }] });
    if (slot % 2 === 1) await house.must(201, "POST", `/profiles/${name}/vdas`, { name: "das0",
      virtualDisks: [{ name: "root", raid: "RAID0", capacityMiB: 1024 * slot }] });
  }
  const changes = Array.from({ length: n }, (_, i) => ({ method: "POST", path: `/profiles/esx-${i + 1}:assign`,
    body: { slot: i + 1 } }));
  const plan = await house.must(201, "POST", "/plans", { changes });
  await applied(house, plan);
}

/** Applies a plan with all that it wants confirmed; -> its job. */
async function applied(house, plan, state = "applied") {
  const confirm = [...new Set(plan.checks.filter((c) => c.severity === "C").map((c) => c.code))];
  // Another database is another appliance: the addresses are taken over, by its typed name.
  const r = await house.post(`/plans/${plan.id}:apply`, { confirm, ...(confirm.includes("Takeover") && { origin: "polyroot" }) });
  assert.ok([200, 201, 202].includes(r.status), r.text);
  if (r.body.job == null) return null;
  const job = await house.jobEnds(r.body.job.id);
  assert.equal(job.state, state, JSON.stringify(job));
  return job;
}

async function exported(house) {
  const r = await house.get("/config?kind=logical", { headers: { Accept: "application/xml" } });
  assert.equal(r.status, 200, r.text);
  return r.text;
}
const contentDigest = (xml) => /<contentDigest>(\w+)</.exec(xml)[1];

async function imported(house, xml, query = "?mode=replace&scope=all") {
  const r = await house.post(`/imports${query}`, xml, XML);
  assert.equal(r.status, 201, r.text);
  return r.body;
}

const rows = (body) => body.conflicts.map((c) => `${c.code} ${c.name} ${c.option}`);
const of = (body, code) => body.conflicts.filter((c) => c.code === code);

/** What the servers see, without where it is on our side. */
const sights = (seen) => seen.map(({ slot, kind, mac, vlans, native, limitMbps, wwpn, wwnn, boot, disks }) => JSON.stringify(
  { slot, kind, mac, vlans, native, limitMbps, wwpn, wwnn, boot, disks })).sort();
const withoutDisks = (seen) => seen.filter((f) => f.kind !== "raid");

/** The daemon ends, its database is gone, another one begins. */
async function loseStore(house) {
  await house.polyrootd.kill("SIGKILL");
  for (const f of readdirSync(house.dir)) if (/\.db/.test(f)) rmSync(join(house.dir, f));
  await house.startPolyrootd();
  await house.ready();
}

async function states(house) {
  const { items } = await house.must(200, "GET", "/profiles?limit=64");
  const all = await Promise.all(items.map((p) => house.must(200, "GET", `/profiles/${p.name}`)));
  return all.flatMap((p) => [...p.vnics, ...p.vhbas, ...p.vdas].map((d) => `${p.name}/${d.name} ${d.state}`));
}

describe("restore", () => {
  let house, xml, before_;

  before(async () => {
    house = await new House({ name: "restore", edit: soon }).start();
    await furnish(house, SLOTS);
    xml = await exported(house);
    before_ = await house.seenByServers();
    assert.equal(before_.length, SLOTS * 3 - 1 + SLOTS / 2);
  });
  after(() => house?.stop());

  test("ones own export changes nothing", async () => {
    const body = await imported(house, xml);
    assert.deepEqual([body.plan.diff, body.plan.steps], [[], []], JSON.stringify(body.plan));
    for (const m of body.hardware.modules) assert.equal(m.confidence, "exact");
  });

  test("the database is lost, the switch is not: everything is taken over, no verb is issued", async () => {
    await loseStore(house);
    assert.equal((await house.must(200, "GET", "/profiles")).items.length, 0);
    await house.ctl("log", "clear");
    const body = await imported(house, xml);
    assert.deepEqual(body.conflicts.filter((c) => c.open), []);
    assert.deepEqual(body.plan.steps, [], JSON.stringify(body.plan.steps?.slice(0, 3)));
    await applied(house, body.plan);
    assert.equal(contentDigest(await exported(house)), contentDigest(xml));
    assert.deepEqual(sights(await house.seenByServers()), sights(before_));
    const { items } = await house.ctl("log", "all");
    assert.deepEqual(changing(items).filter((i) => !["select", "ack"].includes(i.verb)), []);
    assert.equal(replay(items, before_).sights, 0, "some server saw something");
    for (const s of await states(house)) assert.match(s, / bound$/);
    await noViolation(house);
  });

  test("importing again does nothing", async () => {
    const body = await imported(house, xml);
    assert.deepEqual([body.plan.diff, body.plan.steps], [[], []]);
  });

  test("what was taken over is ours: it moves, and terms and operations go on", async () => {
    await house.applied("POST", "/profiles/esx-1:release", {});
    await house.applied("POST", "/profiles/esx-2:move", { slot: 1 });
    await house.applied("POST", "/profiles/esx-2:move", { slot: 2 });
    await house.applied("POST", "/profiles/esx-1:assign", { slot: 1 });
    assert.deepEqual(sights(await house.seenByServers()), sights(before_));
    await noViolation(house);
  });

  describe("onto a fresh chassis", () => {
    let fresh;

    before(async () => { fresh = await new House({ name: "fresh", edit: soon }).start(); });
    after(() => fresh?.stop());

    test("everything is bound but vDAS, which wait for their disks", async () => {
      const body = await imported(fresh, xml);
      assert.equal(of(body, "DiskAbsent").length, SLOTS / 2);
      for (const c of of(body, "DiskAbsent")) assert.deepEqual([c.option, c.severity], ["missing", "W"]);
      await applied(fresh, body.plan);
      assert.deepEqual(sights(await fresh.seenByServers()), sights(withoutDisks(before_)));
      for (const s of await states(fresh)) assert.match(s, s.includes("das0") ? / missing$/ : / bound$/);
      assert.deepEqual((await fresh.ctl("log")).items.filter((i) => i.verb === "disk_make"), []);
      const faults = await fresh.must(200, "GET", "/faults");
      assert.ok(faults.items.some((f) => f.code === "VirtualDiskMissing" && f.slot === 1), JSON.stringify(faults));
    });

    test("importing again does nothing", async () => {
      const body = await imported(fresh, xml);
      assert.deepEqual([body.plan.diff, body.plan.steps], [[], []]);
    });

    test("a move makes no disk either", async () => {
      await fresh.applied("POST", "/profiles/esx-1:release", {});
      await fresh.applied("POST", "/profiles/esx-1:assign", { slot: 1 });
      assert.deepEqual((await fresh.ctl("log")).items.filter((i) => i.verb === "disk_make"), []);
    });
  });

  test("recreateEmpty makes the disks again, when somebody confirms", async () => {
    const fresh = await new House({ name: "empty", edit: soon }).start();
    try {
      const first = await imported(fresh, xml);
      const body = await fresh.must(200, "PATCH", `/imports/${first.id}`,
        { choices: [{ conflict: "DiskAbsent", option: "recreateEmpty" }] });
      const r = await fresh.post(`/plans/${body.plan.id}:apply`, {});
      assert.equal(r.status, 409, r.text);
      assert.ok(r.body.errors.some((e) => e.code === "DiskAbsent"), r.text);
      await applied(fresh, body.plan);
      const bare = (seen) => sights(seen.map((f) => ({ ...f, disks: f.disks?.map(({ number, ...d }) => d) })));
      assert.deepEqual(bare(await fresh.seenByServers()), bare(before_));
      await noViolation(fresh);
    } finally {
      await fresh.stop();
    }
  });

  describe("onto lab-4, without Fibre Channel", () => {
    let lab, first;

    before(async () => {
      lab = await new House({ name: "lab", chassis: "lab-4", edit: (c) => { soon(c); delete c.bays[1].card; } }).start();
    });
    after(() => lab?.stop());

    test("the plan is complete and explained", async () => {
      first = await imported(lab, xml);
      assert.equal(first.plan.applicable, true, JSON.stringify(first.plan.checks.filter((c) => c.severity === "B")));
      const how = Object.fromEntries(first.hardware.modules.map((m) => [m.document.name, m.confidence]));
      assert.deepEqual(how, { io1: "model", io2: "none", io3: "none", io4: "none", io5: "class" });
      assert.equal(of(first, "SlotAbsent").length, 12);
      // Slots 1 and 3 have a vHBA, every fourth is pinned to the other X520.
      assert.deepEqual(of(first, "ModuleAbsent").map((c) => c.name).sort(), ["esx-1", "esx-12", "esx-16", "esx-3", "esx-4",
        "esx-8"]);
      for (const c of first.conflicts) assert.ok(c.detail && c.options.length > 0 && c.option, JSON.stringify(c));
    });

    test("nothing is dropped silently, nothing is partial: what has no place waits", async () => {
      await applied(lab, first.plan);
      const { items } = await lab.must(200, "GET", "/profiles?limit=64");
      assert.deepEqual(items.map((p) => p.name).sort(), Array.from({ length: SLOTS }, (_, i) => `esx-${i + 1}`).sort());
      // Only esx-2 asks for nothing that is not here.
      assert.deepEqual(items.filter((p) => p.slot !== null).map((p) => p.name), ["esx-2"]);
      const seen = await lab.seenByServers();
      assert.deepEqual(sights(seen), sights(before_.filter((f) => f.slot === 2)));
    });

    test("with a map, the mapped part is applied", async () => {
      const other = await new House({ name: "map", chassis: "lab-4", edit: soon }).start();
      try {
        const { id } = await imported(other, xml);
        const body = await other.must(200, "PATCH", `/imports/${id}`,
          { map: { slots: { 8: "3", 3: "" }, modules: { io2: "io1", io1: "" } } });
        const pins = of(body, "ModuleAbsent");
        assert.deepEqual(pins.filter((c) => c.name === "esx-8"), [], JSON.stringify(pins));
        await applied(other, body.plan);
        const eight = await other.must(200, "GET", "/profiles/esx-8");
        assert.equal(eight.slot, 3);
        assert.equal(eight.vnics[0].placement.module, "io1");
        const three = await other.must(200, "GET", "/profiles/esx-3");
        assert.equal(three.slot, null);
        const seen = (await other.server(3)).functions;
        assert.deepEqual(seen.map((f) => f.mac ?? f.wwpn).sort(),
          before_.filter((f) => f.slot === 8).map((f) => f.mac ?? f.wwpn).sort());
        await noViolation(other);
      } finally {
        await other.stop();
      }
    });
  });
});
