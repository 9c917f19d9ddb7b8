// Moves that meet trouble: a server that does not answer, a verb that fails, a
// switch that is away, a second hand.  Whatever happens, the job ends, the
// servers see what it says, and nobody ever saw a function or address twice.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, replay, until } from "./lib.mjs";
import { makeProfile, noViolation, onlyAt, slotOf } from "./scenario.mjs";

describe("move", () => {
  let house, its;

  before(async () => {
    house = await new House({ name: "move", edit: (c) => { c.ackMs = 20; c.releaseMs = 1000; } }).start();
    its = await makeProfile(house, "web");
    await house.applied("POST", "/profiles/web:assign", { slot: 1 });
  });
  after(() => house?.stop());

  /** Asks for a move; -> its job as it ended, and what the record shows. */
  async function moves(body, meanwhile = async () => {}, query = "") {
    const start = (await house.seenByServers()).map((f) => ({ ...f }));
    await house.ctl("log", "clear");
    const r = await house.post(`/profiles/web:move${query}`, body);
    assert.equal(r.status, 202, r.text);
    await meanwhile(r);
    const job = await house.jobEnds(r.headers.location.split("/").at(-1));
    const { items } = await house.ctl("log", "all");
    assert.deepEqual(replay(items, start).twice, []);
    await noViolation(house);
    return { job, items };
  }

  /** Refused, and nothing changed: neither the wish nor the switch. */
  async function refused(status, method, path, body) {
    const { generation } = await house.must(200, "GET", "/appliance");
    await house.ctl("log", "clear");
    const r = await house.call(method, path, { body });
    assert.equal(r.status, status, r.text);
    assert.match(r.headers["content-type"], /^application\/problem\+json/);
    assert.equal((await house.must(200, "GET", "/appliance")).generation, generation);
    assert.deepEqual((await house.ctl("log")).items, []);
    return r.body;
  }

  test("to a spare, chosen by the appliance", async () => {
    await refused(422, "POST", "/profiles/web:move", { policy: "spare" });
    const r = await house.patch("/slots/5", { isSpare: true });
    assert.ok([200, 201, 202].includes(r.status), r.text);
    // Its server still runs: nobody switches it off by mistake.
    const no = await refused(409, "POST", "/profiles/web:move", { policy: "spare", force: true });
    assert.deepEqual(no.errors.map((x) => x.code), ["SourceStillUp"]);
    await refused(400, "POST", "/profiles/web:move", { slot: 5, force: true });
    const { job } = await moves({ policy: "spare", force: true }, undefined, "?confirm=SourceStillUp");
    assert.equal(job.state, "applied");
    assert.deepEqual([job.steps[0].verb, job.steps[0].slot], ["slotCtl", 1]);
    const left = await house.must(200, "GET", "/slots/1");
    assert.deepEqual([left.adminState, left.link.state], ["maintenance", "up"]);
    await house.patch("/slots/1", { adminState: "enabled" });
    await onlyAt(house, 5, its);
    assert.equal(await slotOf(house, "web"), 5);
  });

  test("not to a slot that has a profile, nor to one that is not there", async () => {
    await house.must(201, "POST", "/profiles", { name: "other" });
    await house.call("POST", "/profiles/other:assign", { body: { slot: 6 } });
    await refused(422, "POST", "/profiles/web:move", { slot: 6 });
    await refused(422, "POST", "/profiles/web:move", { slot: 17 });
    await onlyAt(house, 5, its);
  });

  test("from a server that is switched off: taken away after the time for an answer", async () => {
    await house.ctl("power", "slot", 5, "off");
    const { job } = await moves({ slot: 2 });
    assert.equal(job.state, "applied", JSON.stringify(job));
    await onlyAt(house, 2, its);
    await house.ctl("power", "slot", 5, "on");
    await onlyAt(house, 2, its);
  });

  test("while it runs, its slots are held and its job is named", async () => {
    await house.ctl("delay", "bind", 1500);
    const { job } = await moves({ slot: 1 }, async (r) => {
      const held = await house.post("/profiles/web:move", { slot: 3 });
      assert.equal(held.status, 409, held.text);
      assert.ok(held.text.includes(r.headers.location.split("/").at(-1)), held.text);
      assert.match(held.text, /Held/);
      const slot = await house.must(200, "GET", "/slots/1");
      assert.equal(slot.job.id, r.headers.location.split("/").at(-1));
    });
    await house.ctl("delay", "bind", 0);
    assert.equal(job.state, "applied");
    await onlyAt(house, 1, its);
  });

  // Every verb of a move fails once, before and after it took effect.
  for (const verb of ["unbind", "scrub", "prepare", "bind"])
    for (const when of ["before", "after"])
      test(`${verb} fails ${when} its effect`, async () => {
        const from = await slotOf(house, "web");
        const to = from === 1 ? 2 : 1;
        await house.ctl("fault", verb, "error", when, 1);
        const { job, items } = await moves({ slot: to });
        assert.ok(items.some((i) => i.verb === verb && (i.error ?? i.endError)), "the fault was met");
        assert.ok(["applied", "rolledBack"].includes(job.state), JSON.stringify(job));
        if (job.state === "rolledBack") assert.ok(job.error, "it says why");
        const at = job.state === "applied" ? to : from;
        assert.equal(await slotOf(house, "web"), at);
        await onlyAt(house, at, its);
        await house.ctl("fault", verb, "none");
      });

  test("an answer that comes late is waited for", async () => {
    const from = await slotOf(house, "web");
    const to = from === 1 ? 2 : 1;
    await house.ctl("delay", "prepare", 50);		// late is ten times as long
    await house.ctl("fault", "prepare", "late", "after", 1);
    const { job } = await moves({ slot: to });
    await house.ctl("delay", "prepare", 0);
    assert.equal(job.state, "applied", JSON.stringify(job));
    await onlyAt(house, to, its);
  });

  for (const event of ["lose", "duplicate", "overflow"])
    test(`events: ${event}`, async () => {
      const from = await slotOf(house, "web");
      const to = from === 1 ? 2 : 1;
      await house.ctl("fault", "event", event, 100);
      const { job } = await moves({ slot: to });
      await house.ctl("fault", "event", "none");
      assert.equal(job.state, "applied");
      await onlyAt(house, to, its);
    });

  test("while the switch manager is away, the job waits", async () => {
    const from = await slotOf(house, "web");
    const to = from === 1 ? 2 : 1;
    await house.ctl("delay", "prepare", 300);
    const { job } = await moves({ slot: to }, async (r) => {
      const id = r.headers.location.split("/").at(-1);
      await house.switchmgr.kill("SIGKILL");
      await until("the fault is shown", async () =>
        (await house.must(200, "GET", "/faults")).items.some((f) => f.code === "SwitchUnreachable"));
      assert.equal((await house.must(200, "GET", `/jobs/${id}`)).state, "waiting");
      await house.startSwitchmgr();
    });
    await house.ctl("delay", "prepare", 0);
    assert.equal(job.state, "applied", JSON.stringify(job));
    await onlyAt(house, to, its);
    await until("the fault ends", async () =>
      !(await house.must(200, "GET", "/faults")).items.some((f) => f.code === "SwitchUnreachable"));
  });

  test("while the switch manager is away, a job that waits is cancelled", async () => {
    const from = await slotOf(house, "web");
    const to = from === 1 ? 2 : 1;
    await house.ctl("delay", "prepare", 300);
    const { job } = await moves({ slot: to }, async (r) => {
      const id = r.headers.location.split("/").at(-1);
      await house.switchmgr.kill("SIGKILL");
      await until("the job waits", async () => (await house.must(200, "GET", `/jobs/${id}`)).state === "waiting");
      const asked = await house.must(202, "POST", `/jobs/${id}:cancel`, {});
      assert.deepEqual([asked.error.code, asked.cancel.possible], ["Cancelled", false]);
      assert.equal((await house.post(`/jobs/${id}:cancel`, {})).status, 409);
      await house.startSwitchmgr();
    });
    await house.ctl("delay", "prepare", 0);
    assert.deepEqual([job.state, job.error.code], ["rolledBack", "Cancelled"], JSON.stringify(job));
    assert.equal((await house.post(`/jobs/${job.id}:cancel`, {})).status, 409);
    await onlyAt(house, from, its);
  });

  // Last: afterwards the slots stay as they are.
  test("what cannot be taken back either is told, and left alone", async () => {
    await house.ctl("fault", "bind", "error", "before", 1000);
    const r = await house.post("/profiles/web:move", { slot: 8 });
    assert.equal(r.status, 202, r.text);
    const job = await house.jobEnds(r.headers.location.split("/").at(-1));
    assert.equal(job.state, "rollbackFailed");
    assert.ok(job.error);
    const fault = await until("the fault is shown", async () =>
      (await house.must(200, "GET", "/faults")).items.find((f) => f.code === "RollbackFailed"));
    assert.equal(fault.severity, "critical");
    await noViolation(house);
    await house.ctl("fault", "bind", "none");
    await house.ctl("log", "clear");
    await house.must(201, "POST", "/profiles", { name: "still-works" });
    assert.deepEqual((await house.ctl("log")).items, []);
  });
});
