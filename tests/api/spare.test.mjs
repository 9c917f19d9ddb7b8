// The day a server dies, on the real processes: a spare takes over by one call,
// with binds that take 15 s, and by policy.  The emulator's log shows that no
// function or address was ever at two servers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, replay, until } from "./lib.mjs";
import { noViolation, slotOf, TARGETS } from "./scenario.mjs";

// Where a server sees something is its own affair; what it sees is not.
const what = (functions) => functions.map(({ bridge, slot, ...rest }) => rest);

describe("a server is gone", () => {
  let house, before_;

  before(async () => {
    house = await new House({ name: "spare" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    await house.must(201, "POST", "/profiles", { name: "db" });
    await house.must(201, "POST", "/profiles/db/vnics", { name: "net{n}", count: 2, networks: ["prod"] });
    await house.must(201, "POST", "/profiles/db/vhbas", { name: "fc{n}", count: 2, san: "fab-a", bootTargets: TARGETS });
    await house.must(201, "POST", "/profiles/db/vdas", { name: "das0",
      virtualDisks: [{ name: "root", raid: "RAID1", capacityMiB: 10240 }] });
    await house.applied("POST", "/profiles/db:assign", { slot: 7 });
    for (const n of [12, 16]) await house.must(200, "PATCH", `/slots/${n}`, { isSpare: true });
    before_ = what((await house.server(7)).functions);
    assert.equal(before_.length, 5);
  });
  after(() => house?.stop());

  /** Nobody but that slot's server sees anything, and that is what it saw before. */
  async function only(slot) {
    const all = await house.seenByServers();
    assert.deepEqual(all.filter((f) => f.slot !== slot), []);
    assert.deepEqual(what((await house.server(slot)).functions), before_);
    await noViolation(house);
  }

  /** What the log shows since it was cleared: nothing was ever twice, sources first. */
  async function proves(start, from, to) {
    const { items } = await house.ctl("log", "all");
    const seen = replay(items, start);
    assert.deepEqual(seen.twice, []);
    assert.ok(seen.sights >= 5, `${seen.sights} sights`);
    const last = (verb) => items.findLastIndex((i) => i.verb === verb);
    const first = items.findIndex((i) => i.verb === "bind" && i.slot === to);
    assert.ok(first > last("scrub") && last("scrub") > 0, "all is scrubbed before anything is bound");
    assert.equal(items.filter((i) => i.verb === "unbind" && i.slot === from).length, 5);
  }

  test("by one call, while each bind takes 15 s: at most two minutes", async () => {
    const start = (await house.seenByServers()).map((f) => ({ ...f }));
    const { items } = await house.must(200, "GET", "/spares?profile=db");
    assert.deepEqual(items.filter((i) => i.fits).map((i) => i.slot), [12, 16]);
    await house.ctl("log", "clear");
    await house.ctl("unplug", "slot", 7);
    await until("slot 7 has no link", async () => (await house.must(200, "GET", "/slots/7")).link.state === "down");
    await house.ctl("delay", "bind", 15000);
    const r = await house.post("/profiles/db:move", { policy: "spare" });
    assert.equal(r.status, 202, r.text);
    const job = await house.jobEnds(r.headers.location.split("/").at(-1), 150_000);
    await house.ctl("delay", "bind", 0);
    assert.equal(job.state, "applied", JSON.stringify(job));
    const took = Date.parse(job.endedAt) - Date.parse(job.startedAt);
    assert.ok(took >= 15_000 && took <= 120_000, `${took} ms`);
    await proves(start, 7, 12);
    await only(12);
    const [left, taken] = [await house.must(200, "GET", "/slots/7"), await house.must(200, "GET", "/slots/12")];
    assert.deepEqual([left.adminState, left.isSpare], ["maintenance", false]);
    assert.deepEqual([taken.adminState, taken.isSpare], ["enabled", false]);
  });

  test("back home, and both slots are what they were", async () => {
    await house.ctl("plug", "slot", 7);
    await until("slot 7 has link", async () => (await house.must(200, "GET", "/slots/7")).link.state === "up");
    await house.applied("POST", "/profiles/db:move", { slot: 7 });
    await only(7);
    assert.equal((await house.must(200, "GET", "/slots/7")).adminState, "enabled");
    assert.equal((await house.must(200, "GET", "/slots/12")).isSpare, true);
  });

  test("by policy, when its server stays away", async () => {
    await house.must(200, "PATCH", "/profiles/db", { failover: { trigger: "observe", hold: "PT1S", cooldown: "PT0S" } });
    await house.ctl("unplug", "slot", 7);
    const said = async () => (await house.must(200, "GET", "/audit?limit=4096")).items
      .filter((i) => i.actor === "policy").map((i) => i.action);
    await until("the policy says something", async () => (await said()).length > 0);
    assert.deepEqual(await said(), ["would have moved it from slot 7 to slot 12"]);
    assert.equal(await slotOf(house, "db"), 7);

    const start = (await house.seenByServers()).map((f) => ({ ...f }));
    await house.ctl("log", "clear");
    await house.must(200, "PATCH", "/profiles/db", { failover: { trigger: "auto" } });
    await until("db is at slot 12", async () => await slotOf(house, "db") === 12);
    const { items } = await house.must(200, "GET", "/jobs?limit=1");
    assert.deepEqual([items[0].actor, items[0].kind], ["policy", "move"]);
    assert.equal((await house.jobEnds(items[0].id)).state, "applied");
    await proves(start, 7, 12);
    await only(12);
  });
});
