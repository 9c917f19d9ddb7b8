// Somebody else's hand at the switch, on the real processes: each drift policy does what it
// says, what he bound is adopted on request, a fight ends, swapped cables are swapped back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, changing, until } from "./lib.mjs";
import { makeProfile, noViolation } from "./scenario.mjs";

describe("somebody else's hand", () => {
  let house, was;
  const at = 3;
  const seen = async () => (await house.server(at)).functions;
  const nic = async () => (await seen()).find((f) => f.kind === "nic");
  const verbs = async () => changing((await house.ctl("log")).items);
  const live = async (code) => (await house.must(200, "GET", "/faults")).items.filter((f) => f.code === code);
  const fault = (code) => until(`${code} is told`, async () => (await live(code))[0]);
  const cleared = (code) => until(`${code} clears`, async () => (await live(code)).length === 0);
  const drift = (policy) => house.call("PATCH", "/profiles/web", { body: { drift: policy } });
  /** Each on its own; what a hand violates is his. */
  const hand = async (...commands) => {
    for (const c of commands) await house.ctl(...c);
    await house.ctl("violations", "clear");
  };
  const again = () => until("it is as it was", async () => JSON.stringify(await seen()) === JSON.stringify(was));
  /** What the button does. */
  const take = async (offer) => {
    const plan = await house.must(201, "POST", "/plans", { changes: offer.changes });
    assert.equal(plan.applicable, true, JSON.stringify(plan.checks));
    const confirm = plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    const done = await house.must(202, "POST", `/plans/${plan.id}:apply`, { confirm });
    assert.equal((await house.jobEnds(done.job.id)).state, "applied");
  };

  before(async () => {
    house = await new House({ name: "drift", edit: (c) => { c.ackMs = 20; } }).start();
    await makeProfile(house, "web");
    await house.must(201, "POST", "/networks", { name: "other", vlan: 130 });
    await house.applied("POST", "/profiles/web:assign", { slot: at });
    was = await seen();
    assert.equal(was.length, 3);
  });
  after(() => house?.stop());

  test("heal: whatever it was comes back by itself", async () => {
    const { function: fn, bridge } = await nic();
    for (const h of [["unmap", at, bridge], ["set", fn, "vlans", "130"], ["set", fn, "limit", "500"]]) {
      await hand(h);
      await again();
    }
    await noViolation(house);
  });

  test("alert: it is said, nothing is done until somebody asks, then it clears", async () => {
    await drift("alert");
    const { function: fn, bridge } = await nic();
    for (const [h, code] of [[["unmap", at, bridge], "BindingDrift"], [["set", fn, "mac", "02:00:00:00:00:99"], "BindingDrift"],
      [["set", fn, "limit", "500"], "QosLost"]]) {
      await house.ctl("log", "clear");
      await hand(h);
      const f = await fault(code);
      assert.deepEqual([f.slot, f.profiles, f.offer.kind], [at, ["web"], "heal"]);
      await house.polyrootd.kill("SIGKILL");	// nor does a start do anything about it
      await house.startPolyrootd();
      await house.ready();
      await fault(code);
      assert.deepEqual(await verbs(), []);
      const dry = await house.must(200, "POST", "/profiles/web:heal?dryRun=true", {});
      assert.ok(dry.steps.length > 0);
      assert.deepEqual(await verbs(), []);
      await house.applied("POST", "/profiles/web:heal", {});
      await again();
      await cleared(code);
    }
    const nothing = await house.must(200, "POST", "/profiles/web:heal", {});
    assert.equal(nothing.job, null);
    await noViolation(house);
  });

  test("alert: what the hardware lost comes back all the same", async () => {
    await house.ctl("reset");
    await again();
    assert.deepEqual(await live("BindingDrift"), []);
    await noViolation(house);
  });

  test("adopt: it becomes wanted, by the policy, and nothing is done at the switch", async () => {
    await drift("adopt");
    const { function: fn } = await nic();
    await house.ctl("log", "clear");
    await hand(["set", fn, "vlans", "130"], ["set", fn, "native", "130"], ["set", fn, "limit", "700"]);
    const vnic = await until("it is wanted so", async () => {
      const v = await house.must(200, "GET", "/profiles/web/vnics/net0");
      return v.networks[0] === "other" && v;
    });
    assert.equal(vnic.qos.limitMbps, 700);
    await cleared("BindingDrift");
    assert.deepEqual(await verbs(), []);
    const { items } = await house.must(200, "GET", "/jobs?limit=1");
    assert.equal(items[0].actor, "policy");
    // What breaks a rule is not adopted, and says why.
    await hand(["set", fn, "vlans", "777"]);
    assert.match((await fault("AdoptionRefused")).text, /no network has VLAN 777/);
    assert.deepEqual(await verbs(), []);
    await take((await fault("BindingDrift")).offer);
    await cleared("AdoptionRefused");
    was = await seen();
    assert.deepEqual((await nic()).vlans, [130]);
  });

  test("what somebody else bound is told, left alone, and adopted on request", async () => {
    await house.ctl("log", "clear");
    await hand(["set", "io1.2.vf9", "mac", "02:00:00:00:00:aa"], ["set", "io1.2.vf9", "vlans", "130"],
      ["set", "io1.2.vf9", "mtu", "1500"], ["map", "io1.2.vf9", at, 9]);
    const f = await fault("UnknownBinding");
    assert.match(f.remedy, /imports\?mode=adopt/);
    assert.equal(f.offer.kind, "adopt");
    const there = await seen();
    const { plan } = await house.must(201, "POST", `/imports?${f.offer.import}`, undefined);
    assert.deepEqual(plan.steps, []);
    const confirm = plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    const done = await house.post(`/plans/${plan.id}:apply`, { confirm });
    assert.ok([201, 202].includes(done.status), done.text);
    await cleared("UnknownBinding");
    assert.deepEqual(await verbs(), []);
    assert.deepEqual(await seen(), there);
    assert.equal((await house.must(200, "GET", "/profiles/web")).vnics.length, 2);
    was = await seen();
  });

  test("a fight ends; :heal ends the rest, too", async () => {
    await drift("heal");
    const { bridge } = await nic();
    const over = async () => (await live("ReconcileLoop")).find((x) => /Another hand/.test(x.text));
    let rounds = 0;
    const f = await until("the fight is over", async () => {
      const done = await over();
      if (done || JSON.stringify(await seen()) !== JSON.stringify(was)) return done;
      const [last] = (await house.must(200, "GET", "/jobs?limit=1")).items;
      if (last.state !== "applied") return null;
      rounds++;
      await hand(["unmap", at, bridge]);
      return null;
    }, 120_000);
    assert.ok(rounds >= 2 && rounds <= 6, `${rounds} rounds`);
    assert.equal(f.offer.kind, "heal");
    // Ten looks of the engine later nothing was done.
    await house.ctl("log", "clear");
    const { number } = (await house.must(200, "GET", "/appliance")).view;
    await house.ctl("speed", "bay", 1, "port", 2, 1000);
    await until("it has looked", async () => (await house.must(200, "GET", "/appliance")).view.number > number);
    assert.deepEqual((await verbs()).filter((v) => v.verb === "bind"), []);
    assert.equal((await seen()).length, was.length - 1);
    await house.ctl("speed", "bay", 1, "port", 2, 10000);
    await take(f.offer);
    await again();
    await cleared("ReconcileLoop");
  });

  test("two swapped cables are swapped back by one plan", async () => {
    await house.call("PATCH", "/profiles/web", { body: { affinity: "slot-and-server" } });
    await house.must(201, "POST", "/profiles", { name: "db", affinity: "slot-and-server" });
    await house.must(201, "POST", "/profiles/db/vnics", { name: "net0", networks: ["other"] });
    await house.applied("POST", "/profiles/db:assign", { slot: 5 });
    const [mine, its] = [(await house.server(at)).serial, (await house.server(5)).serial];
    for (const n of [at, 5]) await house.ctl("unplug", "slot", n);
    await house.ctl("plug", "slot", at, its);
    await house.ctl("plug", "slot", 5, mine);
    const two = await until("both are told", async () => {
      const list = await live("SlotServerChanged");
      return list.length === 2 && list.every((f) => f.offer?.kind === "swapBack") && list;
    });
    assert.deepEqual(two[0].offer, two[1].offer);
    await take(two[0].offer);
    await cleared("SlotServerChanged");
    assert.equal((await house.must(200, "GET", "/profiles/web")).slot, 5);
    assert.equal((await house.server(5)).functions.length, was.length);
    assert.equal((await house.server(5)).serial, mine);
    await noViolation(house);
  });

  test("what is at no slot cannot be put right", async () => {
    await house.must(201, "POST", "/profiles", { name: "idle" });
    const r = await house.post("/profiles/idle:heal", {});
    assert.equal(r.status, 422);
    assert.equal(r.body.errors[0].code, "NothingToHeal");
    assert.equal((await house.post("/profiles/idle:heal", { force: true })).status, 400);
  });
});
