// mode=adopt: what is bound and wanted by nobody becomes wanted, and no server sees it happen.
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, changing } from "./lib.mjs";
import { makeProfile, noViolation } from "./scenario.mjs";

describe("adopt", () => {
  let house, its, seen;
  const codes = (plan, severity) => plan.checks.filter((c) => c.severity === severity).map((c) => c.code);

  before(async () => {
    house = await new House({ name: "adopt", edit: (c) => { c.ackMs = 20; } }).start();
    its = await makeProfile(house, "web");
    await house.applied("POST", "/profiles/web:assign", { slot: 3 });
    seen = await house.seenByServers();
    await house.polyrootd.kill("SIGKILL");
    for (const f of readdirSync(house.dir)) if (/\.db/.test(f)) rmSync(join(house.dir, f));
    await house.startPolyrootd();
    await house.ready();
    await house.ctl("log", "clear");
  });
  after(() => house?.stop());

  test("a dry run describes it and keeps nothing", async () => {
    const r = await house.post("/imports?mode=adopt&dryRun=true", undefined);
    assert.equal(r.status, 200, r.text);
    assert.deepEqual(r.body.plan.steps, []);
    assert.deepEqual((await house.must(200, "GET", "/imports")).items, []);
    assert.deepEqual((await house.must(200, "GET", "/profiles")).items, []);
  });

  test("the plan makes network, SAN and profile, and has no step", async () => {
    const r = await house.post("/imports?mode=adopt", undefined);
    assert.equal(r.status, 201, r.text);
    assert.equal(r.body.plan.applicable, true, JSON.stringify(r.body.plan.checks));
    assert.deepEqual(r.body.plan.steps, []);
    const done = await house.post(`/plans/${r.body.plan.id}:apply`, { confirm: codes(r.body.plan, "C") });
    assert.equal(done.status, 202, done.text);
    assert.equal((await house.jobEnds(done.body.job.id)).state, "applied");
    assert.deepEqual(changing((await house.ctl("log")).items), []);
    assert.deepEqual(await house.seenByServers(), seen);
  });

  test("it is wanted as it was bound, and ours from then on", async () => {
    const p = await house.must(200, "GET", "/profiles/adopted-slot-3");
    assert.equal(p.slot, 3);
    assert.equal(p.state, "bound");
    assert.deepEqual([p.vnics[0].mac, p.vnics[0].macSource, p.vnics[0].qos.limitMbps], [its.mac, "static", 4000]);
    assert.deepEqual(p.vnics[0].networks, ["vlan-120"]);
    assert.deepEqual([p.vhbas[0].wwpn, p.vhbas[0].wwnn], [its.wwpn, its.wwnn]);
    assert.deepEqual(p.vdas[0].virtualDisks.map((d) => [d.raid, d.capacityMiB, d.state]), [["RAID1", 10240, "optimal"]]);
    await house.applied("POST", "/profiles/adopted-slot-3:move", { slot: 4 });
    const there = await house.seenByServers();
    assert.deepEqual(there.map((f) => [f.slot, f.mac ?? f.wwpn ?? f.disks?.length]),
      seen.map((f) => [4, f.mac ?? f.wwpn ?? f.disks?.length]));
    await noViolation(house);
  });

  test("somebody else's hand is adopted into the profile that is there; what cannot be is said", async () => {
    await house.ctl("set", "io1.1.vf9", "mac", "02:00:00:00:00:99");
    await house.ctl("set", "io1.1.vf9", "vlans", "130");
    await house.ctl("map", "io1.1.vf9", 4, 9);
    await house.ctl("map", "io2.1.vf9", 5, 0);
    const r = await house.polyrootd.until("sees them", async () => {
      const a = await house.post("/imports?mode=adopt", undefined);
      return a.status === 201 && a.body.plan.checks.some((c) => c.code === "NotAdopted") && a;
    });
    assert.equal(r.body.plan.applicable, true, r.text);
    assert.match(r.body.plan.checks.find((c) => c.code === "NotAdopted").detail, /io2\.1\.vf9 .*slot 5/);
    const done = await house.post(`/plans/${r.body.plan.id}:apply`, { confirm: codes(r.body.plan, "C") });
    assert.ok([200, 202].includes(done.status), done.text);
    await house.jobEnds(done.body.job.id);
    const p = await house.must(200, "GET", "/profiles/adopted-slot-3");
    assert.equal(p.vnics.length, 2);
    assert.equal(p.vnics[1].mac, "02:00:00:00:00:99");
    assert.equal(p.vnics[1].placed.function, "io1.1.vf9");
  });

  test("when nothing is left, that is said, and nothing changes", async () => {
    await house.ctl("unmap", 5, 0);
    const { generation } = await house.must(200, "GET", "/appliance");
    await house.polyrootd.until("sees it gone", async () => {
      const r = await house.post("/imports?mode=adopt", undefined);
      return r.status === 422 && r.body.code === "NothingToAdopt";
    });
    assert.equal((await house.must(200, "GET", "/appliance")).generation, generation);
    const r = await house.post("/imports?mode=adopt", "<a/>", { type: "application/xml" });
    assert.equal(r.status, 400, r.text);
  });
});
