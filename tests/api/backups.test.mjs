// Backups: files that were restored for trial before they got their name; faults when not.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, until } from "./lib.mjs";

describe("backups", () => {
  let house, vlan = 100;
  before(async () => {
    house = await new House({ name: "backups" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 90 });
    await house.must(201, "POST", "/sans", { name: "fabric-a", vsan: 7 });
    await house.must(201, "POST", "/profiles", { name: "web", systemUuid: "pool" });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod"], mac: "pool",
      qos: { limitMbps: 2000, guaranteeMbps: 500 } });
    await house.must(201, "POST", "/profiles/web/vhbas", { name: "hba0", san: "fabric-a",
      bootTargets: [{ wwpn: "50:06:01:60:3B:A0:12:34", lun: 0, priority: 1 }] });
    await house.must(201, "POST", "/profiles/web/vdas", { name: "das0",
      virtualDisks: [{ name: "boot", raid: "RAID1", capacityMiB: 1024 }] });
    await house.applied("POST", "/profiles/web:assign?confirm=QosGuaranteeUnsupported", { slot: 3 });
  });
  after(() => house?.stop());
  const set = (backup) => house.must(200, "PATCH", "/settings", { backup });
  const files = (dir = "backups") => readdirSync(join(house.dir, dir)).sort();
  const faults = async () => (await house.must(200, "GET", "/faults")).items
    .filter((f) => f.code.startsWith("Backup") && f.state !== "cleared").map((f) => f.code);
  // A name has seconds: one of the same second is the same file.
  const later = (s) => until("a second passes", () => Date.now() >= (Math.floor(Date.parse(s) / 1000) + 1) * 1000);

  test("by default there is one a day, at two", async () => {
    const b = await house.must(200, "GET", "/backups");
    assert.deepEqual(b.items, []);
    assert.equal(b.lastAt, null);
    assert.equal(b.directory, "backups");
    assert.match(b.nextAt, /T02:00:00\.000Z$/);
    assert.ok(Date.parse(b.nextAt) > Date.now());
    assert.deepEqual(await faults(), []);
  });

  test("one by hand is the configuration, proven, for its owner only", async () => {
    const made = await house.must(201, "POST", "/backups");
    assert.deepEqual(files(), [made.name]);
    const path = join(house.dir, "backups", made.name);
    const text = readFileSync(path, "utf8");
    assert.equal(text, (await house.get("/config", { headers: { Accept: "application/xml" } })).text);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(house.dir, "backups")).mode & 0o777, 0o700);
    assert.equal(made.bytes, Buffer.byteLength(text));
    const b = await house.must(200, "GET", "/backups");
    assert.deepEqual(b.items, [made]);
    assert.equal(b.lastAt, made.at);
    assert.equal(b.error, null);
    assert.equal(b.stale, false);
  });

  test("so many stay, and nobody else's file goes", async () => {
    await set({ keep: 2 });
    for (const name of ["notes.txt", "polyroot-00000000-20200101T020000Z.xml", "polyroot-x.xml"])
      writeFileSync(join(house.dir, "backups", name), "x");
    const names = [];
    for (let i = 0; i < 3; i++) {
      await house.must(201, "POST", "/networks", { name: `n${++vlan}`, vlan });
      const made = await house.must(201, "POST", "/backups");
      names.push(made.name);
      await later(made.at);
    }
    assert.deepEqual((await house.must(200, "GET", "/backups")).items.map((i) => i.name), names.slice(1).reverse());
    assert.deepEqual(files(), ["notes.txt", "polyroot-00000000-20200101T020000Z.xml", "polyroot-x.xml",
      ...names.slice(1)].sort());
  });

  test("a directory that is none: told at once, a fault until it is mended", async () => {
    await set({ directory: "polyroot.db" });
    const r = await house.post("/backups");
    assert.equal(r.status, 503);
    assert.equal(r.body.code, "BackupFailed");
    assert.match(r.body.detail, /polyroot\.db/);
    await until("the fault", async () => (await faults()).includes("BackupFailed"));
    assert.match((await house.must(200, "GET", "/backups")).error, /polyroot\.db/);
    await set({ directory: "backups" });
    await house.must(201, "POST", "/backups");
    await until("it is cleared", async () => (await faults()).length === 0);
  });

  test("settings that make no sense are refused", async () => {
    for (const backup of [{ directory: "" }, { directory: "../x" }, { directory: "/a/../b" }, { directory: "a/.." },
      { keep: 0 }, { everyHours: 200 }, { atHour: 24 }])
      assert.ok([400, 422].includes((await house.patch("/settings", { backup })).status), JSON.stringify(backup));
    const { nextAt } = await (await set({ everyHours: 0 }), house.must(200, "GET", "/backups"));
    assert.equal(nextAt, null);
    await set({ everyHours: null });
  });

  test("without the program that reads XML there is none", async () => {
    const before = files();
    await house.polyrootd.kill("SIGTERM");
    await house.startPolyrootd(["--xml", "nowhere"]);
    await house.ready();
    const r = await house.post("/backups");
    assert.equal(r.status, 503);
    assert.match(r.body.detail, /XML/);
    assert.deepEqual(files(), before);
    await house.polyrootd.kill("SIGTERM");
    await house.startPolyrootd();
    await house.ready();
    assert.equal((await house.must(200, "GET", "/backups")).items.length, 2);
  });
});
