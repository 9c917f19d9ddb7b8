// Bad input: the right status, a problem that names rule, place and remedy, and
// nothing changed.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

describe("refuse", () => {
  let house, mac;
  before(async () => {
    house = await new House({ name: "refuse" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/profiles", { name: "web" });
    const made = await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod"], mac: "pool" });
    ({ mac } = made);
  });
  after(() => house?.stop());

  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;

  /** The problem, after making sure that nothing changed. */
  async function refused(status, method, path, body, options = {}) {
    const before = await generation();
    const r = await house.call(method, path, { body, ...options });
    assert.equal(r.status, status, r.text);
    assert.match(r.headers["content-type"], /^application\/problem\+json/);
    assert.equal(r.body.status, status);
    for (const member of ["type", "title", "code", "detail", "instance", "requestId"])
      assert.equal(typeof r.body[member], "string", `${member} in ${r.text}`);
    assert.ok(r.body.errors.length > 0, r.text);
    for (const e of r.body.errors)
      for (const member of ["code", "pointer", "detail", "remedy"])
        assert.ok(typeof e[member] === "string" && (e[member] || member === "pointer"), `${member} in ${r.text}`);
    assert.equal(await generation(), before);
    return r;
  }

  /** Every broken rule says what, where and what to do. */
  async function breaks(rule, pointer, method, path, body) {
    const { body: p } = await refused(422, method, path, body);
    const found = p.errors.find((e) => e.code === rule);
    assert.ok(found, `${rule} in ${JSON.stringify(p.errors)}`);
    assert.equal(found.pointer, pointer);
    assert.ok(found.detail && found.remedy, JSON.stringify(found));
    return p;
  }

  test("an unknown field", async () => {
    const { body } = await refused(400, "POST", "/networks", { name: "x", vlan: 5, colour: "red" });
    assert.equal(body.errors[0].pointer, "/colour");
    assert.ok(body.errors[0].remedy);
  });
  test("an unknown field inside", async () => {
    const { body } = await refused(400, "POST", "/profiles/web/vnics", { name: "n", networks: ["prod"], qos: { speed: 1 } });
    assert.equal(body.errors[0].pointer, "/qos/speed");
  });
  test("an unknown query parameter", () => refused(400, "GET", "/networks?colour=red"));
  test("a parameter twice", () => refused(400, "GET", "/networks?limit=1&limit=2"));
  test("VLAN 4095", () => breaks("VlanRange", "/vlan", "POST", "/networks", { name: "x", vlan: 4095 }));
  test("VLAN 0", () => breaks("VlanRange", "/vlan", "POST", "/networks", { name: "x", vlan: 0 }));
  test("a multicast MAC", () => breaks("MacMulticast", "/mac", "POST", "/profiles/web/vnics",
    { name: "n1", networks: ["prod"], mac: "03:00:00:00:00:01" }));
  test("a MAC that is none", async () => {
    const r = await house.post("/profiles/web/vnics", { name: "n1", networks: ["prod"], mac: "hello" });
    assert.ok([400, 422].includes(r.status), r.text);
    assert.match(r.body.errors[0].pointer, /mac/);
  });
  test("a MAC that somebody has, in another spelling", () => breaks("MacDuplicate", "/mac", "POST", "/profiles/web/vnics",
    { name: "n1", networks: ["prod"], mac: mac.replaceAll(":", "").toLowerCase() }));
  test("two broken rules are told together", async () => {
    const { body } = await refused(422, "POST", "/profiles/web/vnics",
      { name: "n1", networks: ["prod"], mac: "03:00:00:00:00:01", qos: { limitMbps: 100, guaranteeMbps: 200 } });
    const codes = body.errors.map((e) => e.code);
    assert.ok(codes.includes("MacMulticast") && codes.includes("QosLimitBelowGuarantee"), codes.join());
  });
  test("a name that is taken", () => breaks("NameTaken", "/name", "POST", "/networks", { name: "PROD", vlan: 7 }));
  test("what is not there", () => refused(404, "GET", "/networks/nothing"));
  test("what is not there, to be changed", () => refused(404, "PATCH", "/networks/nothing", { vlan: 5 }));
  test("a slot that is not there", async () => {
    const r = await house.post("/profiles/web:assign", { slot: 99 });
    assert.ok([404, 422].includes(r.status), r.text);
  });

  describe("bodies", () => {
    const rows = { "no JSON": "hello", "an array": "[]", "a number": "7", "half": '{"name":', "twice the same": '{"vlan":5,"vlan":6}',
      "bytes behind": '{"name":"x","vlan":5} x', "not UTF-8": Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      "a NUL": '{"name":"a\\u0000","vlan":5}', "too deep": "[".repeat(10_000), "NaN": '{"vlan":NaN}', "1e999": '{"vlan":1e999}' };
    for (const [what, body] of Object.entries(rows))
      test(what, () => refused(400, "POST", "/networks", body));
    test("20 MB", async () => {
      const { body } = await refused(413, "POST", "/networks", Buffer.alloc(20 << 20, 0x20));
      assert.equal(body.code, "tooLarge");
    });
    test("20 MB of a stranger", async () => {
      const before = await generation();
      const r = await house.post("/networks", Buffer.alloc(20 << 20, 0x20), { token: null, quiet: true });
      // The connection is cut after the answer; a client may see either first.
      assert.ok([401, 0].includes(r.status), r.text);
      assert.equal(await generation(), before);
    });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "application/xml"])
      test(`as ${type}`, () => refused(415, "POST", "/networks", "{}", { type }));
    test("PATCH as something else says what it takes", () =>
      refused(415, "PATCH", "/networks/prod", "[]", { type: "application/json-patch+json" }));
    test("where none is taken", () => refused(400, "GET", "/networks", "{}"));
  });

  describe("formats", () => {
    for (const [path, type] of [["/networks", "application/xml"], ["/profiles", "text/html"], ["/profiles/web", "text/csv"],
      ["/networks", "application/json;q=0"], ["/events", "application/json"]])
      test(`${path} as ${type}`, () => refused(406, "GET", path, undefined, { headers: { Accept: type } }));
    test("a change answers JSON only", () => refused(406, "POST", "/networks", { name: "x", vlan: 5 },
      { headers: { Accept: "application/xml" } }));
    for (const [path, type, answer] of [["/networks", "*/*", "application/json"], ["/networks", "application/*", "application/json"],
      ["/profiles/web", "application/xml", "application/xml"], ["/profiles/web", "application/json", "application/json"]])
      test(`${path} as ${type} is had`, async () => {
        const r = await house.get(path, { headers: { Accept: type } });
        assert.equal(r.status, 200, r.text);
        assert.ok(r.headers["content-type"].startsWith(answer));
      });
  });

  test("a method that is not known", async () => {
    const r = await refused(405, "PUT", "/appliance", {});
    assert.match(r.headers.allow, /GET/);
  });
  test("a stale If-Match", () => refused(412, "PUT", "/networks/prod", { name: "prod", vlan: 9 },
    { headers: { "If-Match": '"999"' } }));
  test("PUT without If-Match", () => refused(428, "PUT", "/networks/prod", { name: "prod", vlan: 9 }));
  test("a fresh If-Match is taken", async () => {
    const { headers } = await house.get("/networks/prod");
    await house.must(201, "POST", "/networks", { name: "other", vlan: 8 });
    const r = await house.put("/networks/other", { name: "other", vlan: 9 },
      { headers: { "If-Match": (await house.get("/networks/other")).headers.etag } });
    assert.ok([200, 201].includes(r.status), r.text);
    assert.ok(headers.etag);
  });
  test("no token", async () => {
    const r = await refused(401, "POST", "/networks", { name: "x", vlan: 5 }, { token: null });
    assert.match(r.headers["www-authenticate"], /Bearer/);
  });
  test("what no rule says has a place and a remedy too", async () => {
    const rows = [[401, "GET", "/networks", undefined, { token: null }, "Authorization"],
      [404, "GET", "/networks/nothing", undefined, {}, "/api/v1/networks/nothing"],
      [405, "PUT", "/appliance", {}, {}, "/api/v1/appliance"],
      [406, "GET", "/networks", undefined, { headers: { Accept: "text/csv" } }, "Accept"],
      [412, "PUT", "/networks/prod", { name: "prod", vlan: 9 }, { headers: { "If-Match": '"999"' } }, "If-Match"],
      [413, "POST", "/networks", Buffer.alloc(1 << 20, 0x20), {}, "Content-Length"],
      [415, "POST", "/networks", "{}", { type: "text/plain" }, "Content-Type"],
      [428, "PUT", "/networks/prod", { name: "prod", vlan: 9 }, {}, "If-Match"]];
    for (const [status, method, path, body, options, where] of rows)
      assert.equal((await refused(status, method, path, body, options)).body.errors[0].pointer, where);
  });
  test("a token that nobody has", () => refused(401, "GET", "/networks", undefined, { token: "A".repeat(43) }));
  test("a network that is used cannot go", async () => {
    const { body } = await refused(422, "DELETE", "/networks/prod");
    assert.equal(body.errors[0].code, "InUse");
  });

  describe("idempotency", () => {
    const body = { name: "once", vlan: 300 };
    const key = randomUUID();
    test("ten at once with one key make one", async () => {
      const before = await generation();
      const all = await Promise.all(Array.from({ length: 10 }, () =>
        house.post("/networks", body, { headers: { "Idempotency-Key": key } })));
      assert.deepEqual([...new Set(all.map((r) => r.status))].filter((s) => s !== 409), [201]);
      const made = all.filter((r) => r.status === 201);
      assert.equal(new Set(made.map((r) => r.text)).size, 1, "the same answer");
      assert.equal(await generation(), before + 1);
    });
    test("another body with that key is refused", async () => {
      const { body: p } = await refused(422, "POST", "/networks", { name: "twice", vlan: 301 },
        { headers: { "Idempotency-Key": key } });
      assert.equal(p.code, "IdempotencyConflict");
    });
    test("a refusal may be tried again with the same key", async () => {
      const again = randomUUID();
      await refused(422, "POST", "/networks", { name: "later", vlan: 4095 }, { headers: { "Idempotency-Key": again } });
    });
  });

  test("a dry run changes nothing and tells what would", async () => {
    const before = await generation();
    const plan = await house.must(200, "POST", "/networks?dryRun=true", { name: "wish", vlan: 44 });
    assert.equal(plan.applicable, true);
    assert.equal(plan.diff[0].name, "wish");
    assert.equal(await generation(), before);
    assert.equal((await house.get("/networks/wish")).status, 404);
  });
});
