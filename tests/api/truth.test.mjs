// What the servers see, against what the API says: over the configuration
// socket (FUSE=no), and over the emulated /sys/bus/pci where FUSE is to be had.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, changing, replay, until, whyNoFuse } from "./lib.mjs";
import { addresses, makeProfile, noViolation, onlyAt, slotOf } from "./scenario.mjs";

// The checkers, with nobody but a technician at work: each must see what is wrong.
describe("the chassis counts what nobody wants", () => {
  let house;

  before(async () => {
    house = new House({ name: "checker" });
    await house.startEmulator();
  });
  after(() => house?.stop());

  // [what is done, kind of violation or null, servers that share]
  const cases = [
    ["one function to one server", [["set", "io1.1.vf0", "mac", "02:00:00:00:00:01"], ["map", "io1.1.vf0", 1, 0]], null],
    ["the same function to a second one", [["map", "io1.1.vf0", 2, 0]], "functionShared", [1, 2]],
    ["another function with the same MAC",
      [["unmap", 2, 0], ["set", "io2.1.vf0", "mac", "02:00:00:00:00:01"], ["map", "io2.1.vf0", 3, 0]], "addressTwice", [1, 3]],
    ["a WWPN that is live twice", [["set", "io3.1.npiv0", "wwpn", "20:00:00:00:00:00:00:01"], ["map", "io3.1.npiv0", 4, 0],
      ["set", "io4.1.npiv0", "wwpn", "20:00:00:00:00:00:00:01"], ["map", "io4.1.npiv0", 5, 0]], "addressTwice", [4, 5]],
    ["a function that nobody scrubbed", [["unmap", 3, 0], ["map", "io2.1.vf0", 6, 0]], "unscrubbed", [3, 6]],
  ];
  for (const [what, commands, kind, slots] of cases)
    test(what, async () => {
      await house.ctl("violations", "clear");
      for (const command of commands) await house.ctl(...command);
      const { count, items } = await house.ctl("violations");
      if (kind === null) return assert.equal(count, 0, JSON.stringify(items));
      assert.ok(items.some((v) => v.kind === kind && slots.every((s) => v.slots.includes(s))), JSON.stringify(items));
    });

  test("the record alone, replayed, shows the same moments", async () => {
    const { twice, sights } = replay((await house.ctl("log", "all")).items);
    assert.ok(sights > 6);
    for (const [what, value] of [["function", "io1.1.vf0"], ["mac", "02:00:00:00:00:01"], ["wwpn", "20:00:00:00:00:00:00:01"]])
      assert.ok(twice.some((t) => t.what === what && t.value === value), `${what} ${value}: ${JSON.stringify(twice)}`);
  });
});

for (const fuse of [false, true])
  describe(fuse ? "truth, over the emulated sysfs" : "truth, over the socket", { skip: fuse && whyNoFuse() }, () => {
    let house, its;

    before(async () => {
      house = await new House({ fuse, name: "truth" }).start();
      await house.must(201, "POST", "/profiles", { name: "empty" });
    });
    after(() => house?.stop());

    test("what no slot has touches no server", async () => {
      its = await makeProfile(house, "web");
      assert.match(its.mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
      assert.deepEqual(await house.seenByServers(), []);
      assert.deepEqual(changing((await house.ctl("log")).items), []);
    });

    test("assigned to slot 3, its server sees three devices, and no other does", async () => {
      const { job } = await house.applied("POST", "/profiles/web:assign", { slot: 3 });
      assert.ok(job.steps.length >= 6, "prepare and bind of three devices");
      assert.ok(job.steps.every((s) => s.state === "done"), JSON.stringify(job.steps));
      assert.deepEqual(await addresses(house, "web"), its);
      await onlyAt(house, 3, its);
      await noViolation(house);
    });

    test("the API shows the slot as the server sees it", async () => {
      const slot = await house.must(200, "GET", "/slots/3");
      assert.equal(slot.profile.name, "web");
      assert.equal(slot.state, "bound");
      const seen = await house.seenByServers();
      for (const d of slot.devices) {
        assert.equal(d.state, "bound", d.name);
        assert.ok(seen.some((f) => f.function === d.placed.function && f.bridge === d.placed.bridge), JSON.stringify(d));
      }
    });

    test("moved to slot 4: at no instant do two servers see a function or an address", async () => {
      const sawBefore = (await house.seenByServers()).map((f) => ({ ...f }));
      await house.ctl("log", "clear");
      const { job } = await house.applied("POST", "/profiles/web:move", { slot: 4 });
      assert.equal(job.kind, "move");
      assert.equal(await slotOf(house, "web"), 4);
      await onlyAt(house, 4, its);

      const { items, dropped } = await house.ctl("log", "all");
      assert.equal(dropped, 0);
      const { sights, twice, left } = replay(items, sawBefore);
      assert.ok(sights >= 6, `three devices go and come: ${sights}`);
      assert.deepEqual(twice, []);
      assert.deepEqual(left.map((f) => f.slot), [4, 4, 4]);
      // Nothing is lent again before its release was proven.
      const verbs = changing(items).filter((i) => i.term);
      for (const bind of verbs.filter((i) => i.verb === "bind"))
        for (const unbind of verbs.filter((i) => i.verb === "unbind" && i.n > bind.n))
          assert.fail(`bind ${bind.n} came before unbind ${unbind.n}`);
      const terms = new Set(verbs.map((i) => i.term));
      assert.equal(terms.size, 1);
      assert.equal(new Set(verbs.map((i) => i.op)).size, verbs.length, "each order has an id of its own");
      await noViolation(house);
    });

    test("a restart with nothing to do changes nothing", async () => {
      await house.ctl("log", "clear");
      await house.polyrootd.kill("SIGTERM");
      await house.startPolyrootd();
      await house.ready();
      await house.must(201, "POST", "/profiles", { name: "after" });	// the engine is woken by it
      await until("slot 4 is bound", async () =>
        (await house.must(200, "GET", "/slots/4")).state === "bound");
      assert.deepEqual(changing((await house.ctl("log")).items), []);
      await onlyAt(house, 4, its);
    });

    test("undone, it is back on slot 3; undone again, on slot 4", async () => {
      for (const slot of [3, 4]) {
        const last = (await house.must(200, "GET", "/jobs")).items.find((j) => j.slots.length > 0);
        await house.applied("POST", `/jobs/${last.id}:undo`);
        await onlyAt(house, slot, its);
      }
      await noViolation(house);
    });

    test("released, no server sees anything, and the disk is kept", async () => {
      await house.applied("POST", "/profiles/web:release", {});
      assert.deepEqual(await house.seenByServers(), []);
      await house.applied("POST", "/profiles/web:assign", { slot: 7 });
      await onlyAt(house, 7, its);
      assert.ok(!(await house.ctl("log")).items.some((i) => i.verb === "disk_destroy"));
      await noViolation(house);
    });

    // ---- the checkers themselves: what somebody else does is reported ----

    test("a second mapping of a function is reported", async () => {
      const nic = (await house.server(7)).functions.find((f) => f.kind === "nic");
      await house.ctl("map", nic.function, 5, 31);
      const { count, items } = await house.ctl("violations");
      assert.ok(count >= 1);
      assert.ok(items.some((v) => v.kind === "functionShared" && v.functions.includes(nic.function) &&
        [5, 7].every((s) => v.slots.includes(s))), JSON.stringify(items));
      const fault = await until("the controller reports it", async () =>
        (await house.must(200, "GET", "/faults")).items.find((f) => f.slot === 5));
      assert.equal(fault.code, "UnknownBinding");
      // It is reported, and never removed without being asked.
      assert.equal((await house.server(5)).functions.length, 1);
      await house.ctl("unmap", 5, 31);
      await until("the fault ends", async () =>
        !(await house.must(200, "GET", "/faults")).items.some((f) => f.slot === 5));
    });

    test("a second function with the same MAC is reported", async () => {
      await house.ctl("violations", "clear");
      const nic = (await house.server(7)).functions.find((f) => f.kind === "nic");
      const used = (await house.seenByServers()).map((f) => f.function);
      const other = [1, 2, 3].map((i) => `io2.2.vf${i}`).find((f) => !used.includes(f));
      await house.ctl("set", other, "mac", its.mac);
      await house.ctl("map", other, 6, 31);
      const { items } = await house.ctl("violations");
      assert.ok(items.some((v) => v.kind === "addressTwice" && v.address === its.mac &&
        [nic.function, other].every((f) => v.functions.includes(f))), JSON.stringify(items));
      await until("the controller reports it", async () =>
        (await house.must(200, "GET", "/faults")).items.find((f) => f.slot === 6));
      await house.ctl("unmap", 6, 31);
    });

    test("the replay of the record finds what the counter finds", async () => {
      const { items } = await house.ctl("log", "all");
      const { twice } = replay(items);
      assert.ok(twice.some((t) => t.what === "function" && t.slots.includes(5) && t.slots.includes(7)));
      assert.ok(twice.some((t) => t.what === "mac" && t.value === its.mac && t.slots.includes(6)));
    });
  });
