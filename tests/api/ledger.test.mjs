// The ledger under many hands: addresses of one pool, asked for all at once.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

describe("ledger", () => {
  let house;
  before(async () => {
    house = await new House({ name: "ledger" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/profiles", { name: "web" });
    await house.must(201, "POST", "/pools", { name: "ten", type: "mac",
      blocks: [{ from: "02:AA:00:00:00:00", to: "02:AA:00:00:00:0B" }],
      exclusions: [{ from: "02:AA:00:00:00:03", to: "02:AA:00:00:00:04" }] });
  });
  after(() => house?.stop());

  const ask = (name, options = {}) => house.call("POST", "/profiles/web/vnics",
    { body: { name, networks: ["prod"], mac: "pool", macPool: "ten" }, ...options });

  test("ten at once get ten different ones, the eleventh is told which pool", async () => {
    const answers = await Promise.all([...Array(11).keys()].map((n) => ask(`v${n}`)));
    const made = answers.filter((r) => r.status === 201).map((r) => r.body.mac);
    assert.equal(new Set(made).size, 10, JSON.stringify(made));
    assert.ok(made.every((mac) => /^02:AA:00:00:00:0[0125-9AB]$/.test(mac)), JSON.stringify(made));
    const [refused, ...more] = answers.filter((r) => r.status !== 201);
    assert.equal(more.length, 0);
    assert.equal(refused.status, 422, refused.text);
    assert.equal(refused.body.errors[0].code, "PoolExhausted");
    assert.match(refused.body.errors[0].detail, /\bten\b/);
    assert.ok(refused.body.errors[0].remedy);
  });

  test("the pool's addresses, page by page, and nothing leaks", async () => {
    const seen = [];
    let next = null;
    do {
      const page = await house.must(200, "GET", `/identities?pool=ten&limit=4${next ? `&after=${next}` : ""}`);
      assert.ok(page.items.length <= 4);
      seen.push(...page.items.map((i) => i.value));
      ({ next } = page);
    } while (next);
    assert.equal(seen.length, 10);
    assert.equal(new Set(seen).size, 10);
    const { items } = await house.must(200, "POST", "/identities:check");
    assert.deepEqual(items, []);
  });

  test("one key ten times at once makes one profile", async () => {
    const key = randomUUID();
    const answers = await Promise.all([...Array(10).keys()].map(() => house.call("POST", "/profiles",
      { body: { name: "once" }, headers: { "Idempotency-Key": key } })));
    const { items } = await house.must(200, "GET", "/profiles");
    assert.equal(items.filter((p) => p.name === "once").length, 1);
    for (const r of answers)
      assert.ok(r.status === 201 ? r.body.name === "once" : r.status === 409, r.text);
    assert.ok(answers.some((r) => r.status === 201));
  });
});
