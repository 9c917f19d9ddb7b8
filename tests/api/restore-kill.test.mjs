// kill -9 of polyrootd while half of the slots are restored, at its nth fdatasync
// (every commit of the journal) and at some of its messages: always applied or
// rolled back, and the other half saw nothing.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { NEVER, Trap, spread, whyNoTrace } from "../torture/kill.mjs";
import { House, replay } from "./lib.mjs";
import { noViolation } from "./scenario.mjs";

const SLOTS = 16, HALF = 8;
const XML = { type: "application/xml" };
const ENDED = ["applied", "rolledBack", "rollbackFailed"];

describe("killed while it restores", { skip: whyNoTrace() }, () => {
  let house, xml, whole;
  const tried = [];
  const half = Array.from({ length: SLOTS - HALF }, (_, i) => i + HALF + 1);
  const plan = async (changes) => {
    const { id } = await house.must(201, "POST", "/plans", { changes });
    const r = await house.post(`/plans/${id}:apply`, {});
    if (r.status === 200 && r.body.job === null) return;	// nothing to do
    assert.equal(r.status, 202, r.text);
    assert.equal((await house.jobEnds(r.body.job.id)).state, "applied");
  };
  const macs = (seen) => seen.map((f) => `${f.slot} ${f.mac}`).sort();

  before(async () => {
    house = await new House({ name: "rkill", edit: (c) => { c.ackMs = 20; } }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    for (let slot = 1; slot <= SLOTS; slot++) {
      await house.must(201, "POST", "/profiles", { name: `p${slot}` });
      await house.must(201, "POST", `/profiles/p${slot}/vnics`, { name: "net0", networks: ["prod"] });
    }
    await plan(Array.from({ length: SLOTS }, (_, i) => ({ method: "POST", path: `/profiles/p${i + 1}:assign`,
      body: { slot: i + 1 } })));
    const r = await house.get("/config?kind=logical", { headers: { Accept: "application/xml" } });
    assert.equal(r.status, 200, r.text);
    xml = r.text;
    whole = await house.seenByServers();
    assert.equal(whole.length, SLOTS);
  });
  after(() => house?.stop());

  const asked = async () => {
    await plan(half.map((slot) => ({ method: "POST", path: `/profiles/p${slot}:release`, body: {} })));
    const made = await house.post("/imports?mode=replace&scope=profiles", xml, XML);
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(made.body.conflicts.filter((c) => c.open), []);
    const confirm = [...new Set(made.body.plan.checks.filter((c) => c.severity === "C").map((c) => c.code))];
    await house.ctl("log", "clear");
    return { id: made.body.plan.id, body: { confirm } };
  };
  const sawNothing = async () => {
    const { items } = await house.ctl("log", "all");
    assert.deepEqual(items.filter((i) => ["seen", "gone"].includes(i.verb) && i.slot <= HALF), [], "somebody else saw it");
    assert.deepEqual(replay(items, whole.filter((f) => f.slot <= HALF)).twice, []);
    await noViolation(house);
  };

  test("a verb that fails takes all of it back", async () => {
    const { id, body } = await asked();
    await house.ctl("fault", "bind", "error", "before", 1);
    const r = await house.post(`/plans/${id}:apply`, body);
    assert.equal(r.status, 202, r.text);
    assert.equal((await house.jobEnds(r.body.job.id)).state, "rolledBack");
    assert.deepEqual(macs(await house.seenByServers()), macs(whole.filter((f) => f.slot <= HALF)));
    await sawNothing();
  });

  /** One restore of the upper half with a kill at the nth call; -> whether it was unharmed, and the calls seen. */
  async function once(n, call = "fdatasync") {
    const { id: planId, body } = await asked();
    const others = whole.filter((f) => f.slot <= HALF);
    assert.deepEqual(macs(await house.seenByServers()), macs(others));

    const trap = new Trap(house, house.polyrootd, call, n, null);
    await trap.set();
    const key = randomUUID();
    const apply = () => house.call("POST", `/plans/${planId}:apply`,
      { body, headers: { "Idempotency-Key": key }, quiet: true });
    let died = false;
    const death = house.polyrootd.ended.then(() => { died = true; });
    const answer = await apply();
    let id = answer.body?.job?.id;
    if (answer.status === 0) await death;
    while (id && !died) {
      const job = await house.get(`/jobs/${id}?wait=5`, { quiet: true });
      if (job.status === 200 && ENDED.includes(job.body.state)) break;
    }
    const { killed, calls } = await trap.release();
    if (killed) {
      await death;
      await house.startPolyrootd();
      await house.ready();
    }
    // What was not answered happened wholly or not at all; asked again with its key, it is done once.
    if (!id) {
      const again = await apply();
      assert.ok([200, 202].includes(again.status), again.text);
      id = again.body.job.id;
    }
    const job = await house.jobEnds(id);
    tried.push(`${n}:${killed ? job.state : "unharmed"}`);
    assert.ok(["applied", "rolledBack"].includes(job.state), JSON.stringify(job));
    assert.deepEqual(macs(await house.seenByServers()), macs(job.state === "applied" ? whole : others));
    await sawNothing();
    return { unharmed: !killed, calls };
  }

  test("polyrootd at some of its messages", async (t) => {
    const { calls } = await once(NEVER, "sendto");
    assert.ok(calls > half.length * 2, `${calls} messages in a restore of ${half.length} slots`);
    tried.length = 0;
    for (const n of spread(calls, Number(process.env.KILLS ?? 5))) await once(n, "sendto");
    t.diagnostic(`${calls} messages in a restore; n:outcome ${tried.splice(0).join(" ")}`);
  });

  test("polyrootd at its nth fdatasync", async (t) => {
    const { calls } = await once(NEVER);
    assert.ok(calls >= 3, `${calls} calls in a restore of ${half.length} slots`);
    try {
      let n = 1;
      while (!(await once(n)).unharmed) n++;
      assert.ok(n > 3, `only ${n - 1} points`);
    } finally {
      t.diagnostic(`${calls} calls in a restore; n:outcome ${tried.join(" ")}`);
    }
  });
});
