// Leases on the real processes: on by themselves, through restarts, released when
// the switch is back, refused with the other named, and out and in as leases.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, program, until } from "./lib.mjs";

const XML = { type: "application/xml" };
const local = (minutes) => new Date(Date.now() + minutes * 60000).toISOString().slice(0, 16);
const night = (name, profile, rest) => ({ name, profile, start: "2040-03-10T22:00", end: "2040-03-11T04:00",
  timeZone: "Europe/London", recurrence: "FREQ=DAILY;UNTIL=20401231", ...rest });
const nic = (name) => ({ vnic: { name, networks: ["prod"] } });
const card = { exclusive: { name: "nic", extent: "card", placement: { module: "io1" } } };

describe("lease", () => {
  let house;
  const macs = async (h = house) => (await h.server(1)).functions.map((f) => f.mac);
  const lease = (name, h = house) => h.must(200, "GET", `/leases/${name}`);
  const fault = async (code) => (await house.must(200, "GET", "/faults")).items.find((f) => f.code === code && f.state !== "cleared");
  const config = async (h) => (await h.call("GET", "/config", { headers: { Accept: "application/xml" } })).text;

  before(async () => {
    house = await new House({ name: "lease" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    for (const [i, name] of ["bak", "web"].entries()) {
      await house.must(201, "POST", "/profiles", { name });
      await house.applied("POST", `/profiles/${name}:assign`, { slot: i + 1 });
    }
  });
  after(() => house?.stop());

  let mac;
  test("what is due begins by itself", async () => {
    const made = await house.must(201, "POST", "/leases", { name: "now", profile: "bak", start: local(-2), end: local(30), ...nic("extra") });
    assert.deepEqual([made.vnic.idle, made.vnic.state, made.timeZone], [true, "idle", "UTC"]);
    mac = made.vnic.mac;
    await until("begins", async () => (await macs()).includes(mac));
    const on = await lease("now");
    assert.equal(on.state, "on");
    assert.equal(on.endsAt, on.occurrences[0].endUtc);
    const { items } = await house.must(200, "GET", "/audit?limit=4096");
    assert.ok(items.some((i) => i.actor === "lease" && /:begin$/.test(i.action)), "no record of it");
  });

  test("a restart leaves it on and does nothing twice", async () => {
    await house.ctl("log", "clear");
    await house.polyrootd.kill("SIGKILL");
    await house.startPolyrootd();
    await house.login();
    assert.equal((await lease("now")).state, "on");
    assert.deepEqual(await macs(), [mac]);
    assert.deepEqual((await house.ctl("log")).items.filter((i) => ["bind", "unbind", "prepare", "scrub"].includes(i.verb)), []);
  });

  test("its device is its lease's: no other path changes it", async () => {
    const r = await house.call("DELETE", "/profiles/bak/vnics/extra");
    assert.equal(r.status, 422);
    assert.equal(r.body.errors[0].code, "DeviceLeased");
  });

  test("over while the switch is away: overdue, and the first thing done when it is back", async () => {
    await house.switchmgr.kill("SIGKILL");
    await until("is away", async () => (await house.must(200, "GET", "/appliance")).switch?.state !== "ok" || fault("SwitchUnreachable"));
    await house.must(202, "POST", "/leases/now:end", {});
    await until("is told", async () => /is over/.test((await fault("LeaseReleaseOverdue"))?.text ?? ""));
    assert.deepEqual(await macs(), [mac], "the data path is not touched");
    await house.startSwitchmgr();
    await until("is released", async () => (await macs()).length === 0);
    await until("is quiet", async () => (await fault("LeaseReleaseOverdue")) === undefined);
    const now = await lease("now");
    assert.deepEqual([now.endsAt, now.vnic.mac, now.vnic.placed], [null, mac, null]);
  });

  test("an overlapping lease is refused with the colliding one named", async () => {
    await house.must(201, "POST", "/leases", night("night", "bak", card));
    const before = (await house.must(200, "GET", "/appliance")).generation;
    const r = await house.post("/leases", { name: "late", profile: "web", start: "2040-06-01T02:59", end: "2040-06-01T05:00", timeZone: "UTC", ...card });
    assert.equal(r.status, 422, r.text);
    assert.equal(r.body.errors[0].code, "LeaseOverlap");
    assert.match(r.body.errors[0].detail, /late collides with lease night at 2040-06-01T02:59/);
    assert.ok(r.body.errors[0].remedy.length > 0);
    assert.equal((await house.must(200, "GET", "/appliance")).generation, before);
    await house.must(201, "POST", "/leases", { name: "late", profile: "web", start: "2040-06-01T03:00", end: "2040-06-01T05:00", timeZone: "UTC", ...card });
  });

  test("the calendar, over the night on which the clock goes forward", async () => {
    const { items } = await house.must(200, "GET", "/leases?from=2040-03-24T12:00:00Z&to=2040-03-26T12:00:00Z");
    assert.deepEqual(items.find((l) => l.name === "night").occurrences.map((o) => [o.start, o.startUtc, o.endUtc]), [
      ["2040-03-24T22:00", "2040-03-24T22:00:00.000Z", "2040-03-25T03:00:00.000Z"],
      ["2040-03-25T22:00", "2040-03-25T21:00:00.000Z", "2040-03-26T03:00:00.000Z"]]);
    const dst = await house.must(200, "POST", "/leases?dryRun=true", { ...night("dst", "web", nic("d")), start: "2040-03-01T01:30", end: "2040-03-01T05:00" });
    assert.equal(dst.checks.find((c) => c.code === "ScheduleAmbiguousLocalTime")?.severity, "W");
  });

  test("one's own export is the empty plan; elsewhere they come back as leases", async () => {
    const doc = await config(house);
    assert.match(doc, /<lease id="[^"]+" name="night" profile="bak"[^>]* recurrence="FREQ=DAILY"/);
    assert.doesNotMatch(doc.match(/<profiles>[^]*<\/profiles>/)[0], /extra|"nic"/);
    const check = spawnSync("xmllint", ["--noout", "--schema", "profiles/config-1.xsd", "-"], { input: doc });
    assert.equal(check.status, 0, check.stderr?.toString());
    const own = await house.post("/imports?mode=replace&scope=all", doc, XML);
    assert.equal(own.status, 201, own.text);
    assert.deepEqual(own.body.plan.diff, []);
    const other = await new House({ name: "lease2" }).start();
    try {
      const r = await other.post("/imports?mode=replace&scope=all", doc, XML);
      const confirm = r.body.plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
      await other.applied("POST", `/plans/${r.body.plan.id}:apply`, { confirm, origin: (await house.must(200, "GET", "/appliance")).name });
      const there = await lease("night", other), here = await lease("night");
      assert.deepEqual([there.id, there.start, there.recurrence, there.until, there.exclusive.id, there.exclusive.idle],
        [here.id, here.start, here.recurrence, here.until, here.exclusive.id, true]);
      assert.equal((await other.must(200, "GET", "/leases/now")).vnic.mac, mac);
      // It began there by now, as its time is not over, or will.
      assert.equal((await other.must(200, "GET", "/profiles/bak")).vnics.filter((v) => !v.lease).length, 0);
    } finally {
      await other.stop();
    }
  });

  test("the command line has their verbs", () => {
    const run = (...words) => spawnSync(program("polyroot"), words, { env: { PATH: process.env.PATH, HOME: house.dir,
      POLYROOT_URL: `https://127.0.0.1:${house.port}`, POLYROOT_CA: join(house.dir, "cert.pem"), POLYROOT_TOKEN: house.token } });
    const list = run("-o", "json", "lease", "list");
    assert.equal(list.status, 0, list.stderr?.toString());
    assert.deepEqual(JSON.parse(list.stdout).items.map((l) => l.name), ["late", "night", "now"]);
    assert.equal(run("lease", "remove", "late").status, 0);
    const add = run("lease", "add", "--name", "typed", "--profile", "web", "--start", "2040-01-01T10:00", "--end", "2040-01-01T11:00",
      "--time-zone", "Asia/Tokyo", "--vnic-name", "x", "--vnic-network", "prod");
    assert.equal(add.status, 0, add.stderr?.toString());
    assert.notEqual(run("lease", "end", "night").status, 0);
  });
});
