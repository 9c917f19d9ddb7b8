// Two appliances side by side: one takes over what the other had, and the notice
// makes the other let go.  Real processes on both sides.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

const XML = { type: "application/xml" };
const config = async (house) => (await house.call("GET", "/config?kind=logical", { headers: { Accept: "application/xml" } })).text;

describe("takeover", () => {
  let origin, taker, doc, notice;
  const imported = (house, xml, query = "mode=replace&scope=all") => house.post(`/imports?${query}`, xml, XML);
  const macs = async (house) => (await house.seenByServers()).map((f) => f.mac).filter(Boolean);
  const vnics = (profile) => profile.vnics.map((v) => [v.name, v.mac]);
  const faults = async (house) => (await house.must(200, "GET", "/faults")).items.map((f) => f.code);
  const exclusions = async (house, name) => (await house.must(200, "GET", `/pools/${name}`)).exclusions;

  before(async () => {
    [origin, taker] = await Promise.all([new House({ name: "origin" }).start(), new House({ name: "taker" }).start()]);
    await origin.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await origin.must(201, "POST", "/sans", { name: "fab-a" });
    for (const [i, name] of ["web", "db"].entries()) {
      await origin.must(201, "POST", "/profiles", { name });
      await origin.must(201, "POST", `/profiles/${name}/vnics`, { name: "net0", networks: ["prod"], mac: "pool" });
      await origin.must(201, "POST", `/profiles/${name}/vhbas`, { name: "fc0", san: "fab-a" });
      await origin.applied("POST", `/profiles/${name}:assign`, { slot: i + 1 });
    }
    doc = await config(origin);
  });
  after(async () => {
    await taker?.stop();
    await origin?.stop();
  });

  let plan;
  test("a restore that keeps the addresses says that it takes them over", async () => {
    const r = await imported(taker, doc);
    assert.equal(r.status, 201, r.text);
    plan = r.body.plan;
    assert.equal(plan.applicable, true, JSON.stringify(plan.checks));
    const c = plan.checks.find((x) => x.code === "Takeover");
    assert.equal(c?.severity, "C");
    assert.match(c.detail, /addresses and \d+ blocks are of/);
  });

  test("it is confirmed by the other's name only, and nothing changed before", async () => {
    const name = (await origin.must(200, "GET", "/appliance")).name;
    const confirm = plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    const before = (await taker.must(200, "GET", "/appliance"));
    for (const body of [{}, { confirm }, { confirm, origin: "" }, { confirm, origin: `${name}x` },
      { confirm: confirm.filter((c) => c !== "Takeover"), origin: name }]) {
      const r = await taker.post(`/plans/${plan.id}:apply`, body);
      assert.equal(r.status, 409, r.text);
      assert.ok(r.body.errors.some((e) => e.code === "Takeover"), r.text);
    }
    assert.equal((await taker.must(200, "GET", "/appliance")).generation, before.generation);
    await taker.applied("POST", `/plans/${plan.id}:apply`, { confirm, origin: name });
    const now = await taker.must(200, "GET", "/appliance");
    assert.equal(now.identityEpoch, before.identityEpoch + 1);
    // The servers of the other box have the addresses that they had here.
    assert.deepEqual((await macs(taker)).sort(), (await macs(origin)).sort());
  });

  test("it leaves a record, and a signed notice with every address and block", async () => {
    const { items } = await taker.must(200, "GET", "/takeovers");
    assert.equal(items.length, 1);
    assert.equal(items[0].epoch, 2);
    notice = await taker.must(200, "GET", `/takeovers/${items[0].id}`);
    const values = notice.takeover.identities.map((i) => i.value);
    for (const mac of await macs(origin)) assert.ok(values.includes(mac), mac);
    assert.ok(notice.takeover.identities.some((i) => i.type === "wwpn") && notice.takeover.identities.some((i) => i.type === "wwnn"));
    const blocks = (await origin.must(200, "GET", "/pools/macs")).blocks;
    assert.deepEqual(notice.takeover.blocks.filter((b) => b.type === "mac").map(({ from, to }) => ({ from, to })), blocks);
    const { items: audit } = await taker.must(200, "GET", "/audit");
    assert.ok(audit.some((a) => a.object.type === "takeover"));
  });

  test("importing it again takes nothing more", async () => {
    const r = await imported(taker, doc);
    assert.deepEqual(r.body.plan.steps, []);
    assert.ok(!r.body.plan.checks.some((c) => c.code === "Takeover"));
    assert.ok(!(await faults(taker)).includes("IdentitySplit"));
  });

  test("a later export of the other one shows the split", async () => {
    await origin.must(201, "POST", "/networks", { name: "late", vlan: 7 });
    const r = await imported(taker, await config(origin), "mode=merge");
    assert.equal(r.status, 201, r.text);
    await taker.polyrootd.until("says IdentitySplit", async () => (await faults(taker)).includes("IdentitySplit"));
    const fault = (await taker.must(200, "GET", "/faults")).items.find((f) => f.code === "IdentitySplit");
    assert.equal(fault.severity, "critical");
  });

  test("a stranger's notice is confirmed first", async () => {
    const r = await origin.post("/takeovers:notice", notice);
    assert.equal(r.status, 409, r.text);
    assert.ok(r.body.errors.some((e) => e.code === "NoticeUnsigned"));
    const own = (await taker.must(200, "GET", "/trustKeys")).items.find((k) => k.own);
    await origin.must(201, "POST", "/trustKeys", { name: "taker", publicKey: own.publicKey, purpose: "notices" });
  });

  test("after the notice the origin has released and suspended them", async () => {
    const dry = await origin.must(200, "POST", "/takeovers:notice?dryRun=true", notice);
    assert.ok(dry.steps.length > 0 && dry.applicable, JSON.stringify(dry.checks));
    assert.equal((await macs(origin)).length, 2);
    await origin.applied("POST", "/takeovers:notice", notice);
    assert.deepEqual(await macs(origin), []);
    assert.equal((await macs(taker)).length, 2);
    for (const name of ["web", "db"]) {
      const p = await origin.must(200, "GET", `/profiles/${name}`);
      for (const d of [...p.vnics, ...p.vhbas]) {
        assert.equal(d.suspended, true);
        assert.equal(d.state, "suspended");
      }
    }
    assert.equal((await origin.must(200, "GET", "/appliance")).identityEpoch, 2);
    assert.equal((await origin.ctl("violations")).violations ?? 0, 0);
  });

  test("it stays so: restart, move, a new start of the switch", async () => {
    await origin.polyrootd.kill("SIGKILL");
    await origin.startPolyrootd();
    await origin.ready();
    await origin.ctl("reset");
    await origin.applied("POST", "/profiles/web:move", { slot: 5 });
    assert.equal((await origin.must(200, "GET", "/slots/5")).profile.name, "web");
    assert.deepEqual(await macs(origin), []);
  });

  test("with start=ask nothing is bound after a power cut until somebody says so", async () => {
    const before = await macs(taker);
    const bound = async () => (await macs(taker)).length;
    await taker.must(200, "PATCH", "/settings", { appliance: { start: "ask" } });
    assert.equal(await bound(), before.length);
    await taker.ctl("reset");
    await taker.polyrootd.until("says StartHeld", async () => (await faults(taker)).includes("StartHeld"));
    const job = await taker.must(202, "POST", "/profiles/web:move", { slot: 6 });
    await taker.polyrootd.until("has seen the move", async () =>
      (await taker.must(200, "GET", `/jobs/${job.job}`)).state !== "applied");
    await taker.polyrootd.kill("SIGKILL");
    await taker.startPolyrootd();
    await taker.ready();
    await taker.polyrootd.until("still says StartHeld", async () => (await faults(taker)).includes("StartHeld"));
    assert.equal(await bound(), 0);
    await taker.must(200, "POST", "/appliance:resume", {});
    await taker.polyrootd.until("binds again", async () => await bound() === before.length);
    assert.equal((await taker.jobEnds(job.job)).state, "applied");
    await taker.polyrootd.until("is quiet", async () => !(await faults(taker)).includes("StartHeld"));
    assert.deepEqual((await macs(taker)).sort(), before.sort());
  });

  test("neither side gives an address of a block that the other has", async () => {
    const { items: before } = await taker.must(200, "GET", "/takeovers");
    const block = before[0].blocks.find((b) => b.type === "mac");
    assert.deepEqual(await exclusions(origin, "macs"), [{ from: block.from, to: block.to }]);
    await origin.must(201, "POST", "/profiles", { name: "fresh" });
    const r = await origin.post("/profiles/fresh/vnics", { name: "n", networks: ["prod"], mac: "pool" });
    assert.equal(r.status, 422, r.text);
    assert.equal(r.body.code, "PoolExhausted");
    await taker.must(201, "POST", "/profiles", { name: "fresh" });
    const given = await taker.must(201, "POST", "/profiles/fresh/vnics", { name: "n", networks: ["prod"], mac: "pool" });
    assert.ok(given.mac >= block.from && given.mac <= block.to, given.mac);
    // With a block of its own the origin goes on.
    await origin.must(201, "POST", "/pools", { name: "own", type: "mac", blocks: [{ from: "02:EE:00:00:00:00", to: "02:EE:00:00:00:0F" }] });
    const own = await origin.must(201, "POST", "/profiles/fresh/vnics", { name: "n", networks: ["prod"], mac: "pool", macPool: "own" });
    assert.match(own.mac, /^02:EE:/);
  });

  test("undoing the notice is asked about, as both would have them", async () => {
    const job = (await origin.must(200, "GET", "/jobs")).items.find((j) => j.kind === "takeover");
    const r = await origin.post(`/jobs/${job.id}:undo`, {});
    assert.equal(r.status, 409, r.text);
    assert.ok(["NotUndoable", "ConfirmationNeeded"].includes(r.body.code), r.text);
  });

  test("a drill gives new addresses, and none from the other's pools", async () => {
    const drill = await new House({ name: "drill" }).start();
    try {
      const r = await imported(drill, doc, "mode=merge&identities=new");
      assert.equal(r.status, 201, r.text);
      assert.ok(!r.body.plan.checks.some((c) => c.code === "Takeover"));
      assert.equal(r.body.plan.applicable, false);
      assert.ok(r.body.plan.checks.some((c) => c.code === "DrillPools"), r.text);
    } finally {
      await drill.stop();
    }
  });
});
