// The document that describes the API: well formed, whole, and true.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

const METHODS = ["get", "put", "post", "patch", "delete"];

describe("openapi", () => {
  let house, doc;
  const operations = () => Object.entries(doc.paths).flatMap(([path, item]) =>
    METHODS.filter((m) => item[m]).map((m) => ({ path, method: m, ...item[m] })));
  before(async () => {
    house = await new House({ name: "openapi" }).start();
    doc = await house.must(200, "GET", "/openapi.json");
  });
  after(() => house?.stop());

  test("is OpenAPI 3.1", () => {
    assert.match(doc.openapi, /^3\.1\./);
    assert.ok(doc.info.title && doc.info.version);
  });

  test("each operation has a name of its own, words, and answers", () => {
    const names = operations().map((o) => o.operationId);
    assert.ok(names.length >= 40, `${names.length} operations`);
    assert.equal(new Set(names).size, names.length, "operationIds are unique");
    for (const o of operations()) {
      assert.ok(o.operationId && o.summary, `${o.method} ${o.path}`);
      assert.ok(Object.keys(o.responses).length > 0, `${o.method} ${o.path}`);
      for (const code of Object.keys(o.responses)) assert.match(code, /^([1-5]\d\d|default)$/);
    }
  });

  test("each brace of a path is a parameter, and the other way round", () => {
    for (const o of operations()) {
      const inPath = [...o.path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]).sort();
      const said = [...(doc.paths[o.path].parameters ?? []), ...(o.parameters ?? [])]
        .filter((p) => p.in === "path").map((p) => p.name).sort();
      assert.deepEqual(said, inPath, `${o.method} ${o.path}`);
    }
  });

  test("every reference leads somewhere", () => {
    const walk = (v) => {
      if (v === null || typeof v !== "object") return;
      if (typeof v.$ref === "string") {
        const target = v.$ref.replace(/^#\//, "").split("/").reduce((o, k) => o?.[k.replaceAll("~1", "/")], doc);
        assert.ok(target, v.$ref);
      }
      Object.values(v).forEach(walk);
    };
    walk(doc);
  });

  test("no GET takes a body", () => {
    for (const o of operations()) if (o.method === "get") assert.equal(o.requestBody, undefined, o.path);
  });

  test("the fixed calls are in it", () => {
    const has = new Set(operations().map((o) => `${o.method} ${o.path.replace(/\{[^}]*\}/g, "{}")}`));
    for (const call of ["post /sessions", "get /slots", "get /find", "post /networks", "post /profiles",
      "get /profiles/{}/revisions", "post /profiles/{}/vnics", "post /profiles/{}/vhbas", "post /profiles/{}/vdas",
      "post /profiles/{}:assign", "post /profiles/{}:release", "post /profiles/{}:move", "post /profiles/{}:clone",
      "patch /slots/{}", "put /networks/{}", "delete /networks/{}", "get /jobs/{}", "post /jobs/{}:undo",
      "get /profiles/{}", "post /plans", "post /plans/{}:apply", "get /events"])
      assert.ok(has.has(call), call);
  });

  test("nothing but signing in, its own description and the schema is open to a stranger", async () => {
    for (const o of operations()) {
      const path = o.path.replace(/\{[^}]*\}/g, "1");
      const r = await house.call(o.method.toUpperCase(), path, { token: null, body: o.method === "get" ? undefined : {} });
      if (`${o.method} ${o.path}` === "post /sessions" || o.path === "/openapi.json" ||
        o.path === "/schema/config-1.xsd") continue;
      assert.equal(r.status, 401, `${o.method} ${o.path}: ${r.text}`);
    }
  });

  test("every rule is in it, with what it demands and its remedy", () => {
    const rules = doc["x-rules"];
    assert.ok(rules.length > 60, `${rules.length} rules`);
    for (const r of rules) {
      assert.match(r.severity, /^[BCW]$/, r.code);
      assert.ok(r.number > 0 && r.code && r.what && r.remedy, JSON.stringify(r));
    }
    assert.equal(new Set(rules.map((r) => r.code)).size, rules.length, "codes are unique");
    assert.deepEqual(doc.components.schemas.violation.properties.code.examples, rules.map((r) => r.code));
  });

  test("what a body may have is what its handler knows", async () => {
    await house.must(201, "POST", "/profiles", { name: "p1" });
    const { items: [job] } = await house.must(200, "GET", "/jobs?limit=1");
    const plan = await house.must(201, "POST", "/plans", { changes: [{ method: "POST", path: "/profiles", body: { name: "p2" } }] });
    const snapshot = (await house.post("/snapshots", {})).body;
    const names = { p: "p1", n: 1 }, ids = { plans: plan.id, snapshots: snapshot.id };
    let asked = 0;
    for (const o of operations()) {
      const schema = o.requestBody?.content["application/json"]?.schema;
      if (!schema || schema.$ref || schema.properties?.name || o.path.startsWith("/imports/")) continue;
      assert.ok(schema.properties, `${o.method} ${o.path}: nothing says what its body may have`);
      assert.equal(schema.additionalProperties, false, o.path);
      const path = o.path.replace(/\{([^}]+)\}/g, (_, k) => names[k] ?? ids[o.path.split("/")[1]] ?? job.id);
      const r = await house.call(o.method.toUpperCase(), path, { body: { nonsense: 1 } });
      assert.equal(r.status, 400, `${o.method} ${path}: ${r.text}`);
      assert.equal(r.body.errors[0].pointer, "/nonsense", r.text);
      const known = /known: (.*)$/.exec(r.body.detail)[1].split(", ").filter(Boolean);
      assert.deepEqual(Object.keys(schema.properties).sort(), known.sort(), `${o.method} ${o.path}`);
      asked++;
    }
    assert.ok(asked >= 10, `${asked} were asked`);
  });

  test("each list answers as lists do", async () => {
    for (const o of operations().filter((x) => x.method === "get" && !x.path.includes("{"))) {
      if (["/events", "/openapi.json", "/appliance", "/settings", "/sessions/current", "/config",
        "/schema/config-1.xsd", "/find", "/identities"].includes(o.path)) continue;
      const r = await house.get(o.path);
      assert.equal(r.status, 200, `${o.path}: ${r.text}`);
      assert.ok(Array.isArray(r.body.items), o.path);
      assert.ok("next" in r.body, o.path);
    }
  });
});
