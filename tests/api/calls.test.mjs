// The calls that clients already count on: names, shapes, status.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

describe("calls", () => {
  let house, mac;
  before(async () => { house = await new House({ name: "calls" }).start(); });
  after(() => house?.stop());

  test("slots: number, link, profile, devices", async () => {
    const { items, next } = await house.must(200, "GET", "/slots");
    assert.equal(items.length, 16);
    assert.equal(next, null);
    for (const [i, s] of items.entries()) {
      assert.equal(s.number, i + 1);
      assert.ok(["up", "down"].includes(s.link.state));
      assert.equal(s.profile, null);
      assert.deepEqual(s.devices, []);
    }
  });

  test("a network, a profile, a vNIC with an address of the pool", async () => {
    const network = await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    assert.ok(network.id && network.job);
    await house.must(201, "POST", "/profiles", { name: "esx-01" });
    const nic = await house.must(201, "POST", "/profiles/esx-01/vnics",
      { name: "net0", networks: ["prod"], qos: { limitMbps: 5000 }, mac: "pool" });
    assert.match(nic.mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    assert.equal(Number.parseInt(nic.mac, 16) & 1, 0, "not multicast");
    assert.deepEqual(nic.qos.limitMbps, 5000);
    mac = nic.mac;
  });

  test("a vHBA with two boot targets, a vDAS with a RAID1 disk", async () => {
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    const hba = await house.must(201, "POST", "/profiles/esx-01/vhbas", { name: "fc0", san: "fab-a", bootTargets: [
      { wwpn: "500601603b201101", lun: 0, priority: 1 },
      { wwpn: "50-06-01-68-3b-20-11-01", lun: 3, priority: 2 }] });
    assert.deepEqual(hba.bootTargets.map((t) => [t.wwpn, t.lun, t.priority]),
      [["50:06:01:60:3B:20:11:01", 0, 1], ["50:06:01:68:3B:20:11:01", 3, 2]]);
    const das = await house.must(201, "POST", "/profiles/esx-01/vdas",
      { name: "das0", virtualDisks: [{ name: "root", raid: "RAID1", capacityMiB: 1024 }] });
    assert.equal(das.virtualDisks[0].raid, "RAID1");
  });

  test("assigned: 202, a job with steps that ends applied", async () => {
    const { body, job } = await house.applied("POST", "/profiles/esx-01:assign", { slot: 3 });
    assert.equal(String(body.job), String(job.id));
    assert.ok(job.steps.length > 0);
    for (const s of job.steps) assert.equal(s.state, "done");
    const slot = await house.must(200, "GET", "/slots/3");
    assert.equal(slot.profile.name, "esx-01");
    assert.equal(slot.devices.length, 3);
    for (const d of slot.devices) assert.equal(d.state, "bound", JSON.stringify(d));
  });

  test("waiting for a job that has ended takes no time", async () => {
    const { items } = await house.must(200, "GET", "/jobs");
    const began = Date.now();
    await house.must(200, "GET", `/jobs/${items[0].id}?wait=30`);
    assert.ok(Date.now() - began < 5000);
  });

  test("waiting for a job ends when the job does", async () => {
    await house.ctl("delay", "bind", 1500);
    const { headers } = await house.post("/profiles/esx-01:move", { slot: 4 });
    const began = Date.now();
    const job = await house.must(200, "GET", `${headers.location.replace("/api/v1", "")}?wait=30`);
    assert.equal(job.state, "applied");
    assert.ok(Date.now() - began > 500 && Date.now() - began < 20_000, `${Date.now() - began} ms`);
    await house.ctl("delay", "bind", 0);
  });

  test("found by any spelling", async () => {
    const digits = mac.replaceAll(":", "");
    for (const q of [mac, mac.toLowerCase(), mac.replaceAll(":", "-"), digits.toLowerCase(), digits.replace(/(.{4})(?=.)/g, "$1."),
      digits.slice(-4), digits.slice(0, 8), mac.slice(-5)]) {
      const { items } = await house.must(200, "GET", `/find?q=${encodeURIComponent(q)}`);
      assert.ok(items.some((i) => i.value === mac && i.slot === 4), `${q}: ${JSON.stringify(items)}`);
    }
  });

  test("a held slot is told with the job that holds it", async () => {
    await house.ctl("delay", "bind", 1500);
    const { headers } = await house.post("/profiles/esx-01:move", { slot: 5 });
    const held = await house.post("/profiles/esx-01:release", {});
    assert.equal(held.status, 409, held.text);
    assert.equal(held.body.code, "Held");
    assert.equal((await house.jobEnds(headers.location.split("/").at(-1))).state, "applied");
    await house.ctl("delay", "bind", 0);
  });

  test("undone: back where it was", async () => {
    const { items } = await house.must(200, "GET", "/jobs");
    const move = items.find((j) => j.kind === "move" && j.state === "applied");
    const { job } = await house.applied("POST", `/jobs/${move.id}:undo`, {});
    assert.equal(String(job.undoes), String(move.id));
    assert.equal((await house.must(200, "GET", "/profiles/esx-01")).slot, 4);
  });

  test("a plan is read, then applied; one that is stale is 412 with the new one", async () => {
    const changes = [{ method: "POST", path: "/networks", body: { name: "vlan-130", vlan: 130 } },
      { method: "POST", path: "/profiles", body: { name: "slot-7" } },
      { method: "POST", path: "/profiles/slot-7/vnics", body: { name: "net0", networks: ["vlan-130"], mac: "pool" } },
      { method: "POST", path: "/profiles/slot-7:assign", body: { slot: 7 } }];
    const plan = await house.must(201, "POST", "/plans", { changes, reserve: "PT15M" });
    assert.equal(plan.applicable, true, JSON.stringify(plan.checks));
    assert.match(plan.sentence, /slot 7/);
    const shown = JSON.stringify(plan.objects).match(/([0-9A-F]{2}:){5}[0-9A-F]{2}/)[0];
    const { job } = await house.applied("POST", `/plans/${plan.id}:apply`, {});
    assert.equal(job.state, "applied");
    assert.equal((await house.must(200, "GET", "/profiles/slot-7/vnics")).items[0].mac, shown, "the address that was shown");
    const again = await house.post(`/plans/${plan.id}:apply`, {});
    assert.ok([404, 409, 410, 412, 422].includes(again.status), again.text);
  });

  test("what deserves a second look is told, and done when confirmed", async () => {
    await house.must(201, "POST", "/profiles", { name: "sure" });
    await house.must(201, "POST", "/profiles/sure/vnics", { name: "net0", networks: ["prod"],
      qos: { limitMbps: 5000, guaranteeMbps: 1000 }, mac: "pool" });
    const { generation } = await house.must(200, "GET", "/appliance");
    const r = await house.post("/profiles/sure:assign", { slot: 8 });
    assert.equal(r.status, 409, r.text);
    assert.equal(r.body.code, "ConfirmationNeeded");
    const codes = r.body.errors.map((e) => e.code);
    assert.deepEqual(r.body.errors.map((e) => e.severity), codes.map(() => "C"));
    assert.equal((await house.must(200, "GET", "/appliance")).generation, generation);
    await house.applied("POST", `/profiles/sure:assign?confirm=${codes.join(",")}`, { slot: 8 });
  });

  test("PATCH leaves alone what is absent", async () => {
    await house.must(201, "POST", "/networks", { name: "patched", vlan: 60, description: "kept" });
    const r = await house.patch("/networks/patched", { vlan: 61 });
    assert.ok([200, 201].includes(r.status), r.text);
    assert.deepEqual([r.body.vlan, r.body.description], [61, "kept"]);
    await house.patch("/slots/9", { isSpare: true, label: "spare one" });
    const slot = await house.must(200, "GET", "/slots/9");
    assert.deepEqual([slot.isSpare, slot.label], [true, "spare one"]);
  });

  test("lists page", async () => {
    for (let i = 0; i < 5; i++) await house.must(201, "POST", "/networks", { name: `page-${i}`, vlan: 200 + i });
    const whole = await house.must(200, "GET", "/networks");
    const seen = [];
    for (let after = ""; after !== null;) {
      const { items, next } = await house.must(200, "GET", `/networks?limit=2${after && `&after=${encodeURIComponent(after)}`}`);
      assert.ok(items.length <= 2);
      seen.push(...items.map((n) => n.name));
      after = next;
    }
    assert.deepEqual(seen, whole.items.map((n) => n.name));
  });
});
