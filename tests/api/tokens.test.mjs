// Tokens of machines: shown once, for a role and some operations, until they end.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { House } from "./lib.mjs";

let house;
const secrets = [];
before(async () => { house = await new House({ name: "tokens" }).start(); });
after(() => house?.stop());

async function make(body) {
  const t = await house.must(201, "POST", "/tokens", body);
  secrets.push(t.token);
  return t;
}
const as = (token) => ({ token });

test("one is made, shown once, and may what its role may", async () => {
  const t = await make({ name: "reader", role: "auditor" });
  assert.match(t.token, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(Math.round((Date.parse(t.expiresAt) - Date.parse(t.createdAt)) / 86400000), 90);
  assert.deepEqual([t.operations, t.usedAt, t.actor], [[], null, "admin"]);
  const { token: _, ...shown } = t;
  assert.deepEqual(await house.must(200, "GET", "/tokens/reader"), shown);
  assert.deepEqual((await house.must(200, "GET", "/tokens")).items, [shown]);
  await house.must(200, "GET", "/slots", undefined, as(t.token));
  const refused = await house.post("/networks", { name: "no", vlan: 7 }, as(t.token));
  assert.equal(refused.status, 403);
  assert.equal((await house.get("/tokens", as(t.token))).status, 403);
  const me = await house.must(200, "GET", "/sessions/current", undefined, as(t.token));
  assert.deepEqual([me.user, me.role], ["token:reader", "auditor"]);
  assert.equal((await house.delete("/sessions/current", as(t.token))).status, 409);
  assert.notEqual((await house.must(200, "GET", "/tokens/reader")).usedAt, null);
});

test("what it changes is its doing", async () => {
  const t = await make({ name: "builder", role: "operator" });
  await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 }, as(t.token));
  const { items } = await house.must(200, "GET", "/audit?limit=4096");
  assert.equal(items.at(-1).actor, "token:builder");
});

test("one for some operations may no other", async () => {
  const t = await make({ name: "narrow", role: "operator", operations: ["network list", "event follow"] });
  assert.deepEqual(t.operations, ["network list", "event follow"]);
  await house.must(200, "GET", "/networks", undefined, as(t.token));
  for (const path of ["/slots", "/networks/prod", "/tokens"])
    assert.equal((await house.get(path, as(t.token))).status, 403, path);
  assert.equal((await house.post("/networks", { name: "no", vlan: 7 }, as(t.token))).status, 403);
});

test("it ends: removed, or over", async () => {
  const t = await make({ name: "short", role: "auditor", expiresAt: new Date(Date.now() + 1500).toISOString() });
  const gone = await make({ name: "gone", role: "auditor" });
  await house.must(200, "GET", "/slots", undefined, as(gone.token));
  await house.must(204, "DELETE", "/tokens/gone");
  assert.equal((await house.get("/slots", as(gone.token))).status, 401);
  assert.equal((await house.get("/tokens/gone")).status, 404);
  while ((await house.get("/slots", as(t.token))).status === 200)
    assert.ok(Date.now() < Date.parse(t.expiresAt) + 10_000, "it has ended long ago");
  assert.ok(Date.now() >= Date.parse(t.expiresAt));
  assert.equal((await house.get("/slots", as(t.token))).status, 401);
});

test("what is no token is refused, with its place", async () => {
  const day = 86400000;
  for (const [body, status, pointer] of [
    [{ role: "auditor" }, 400, "/name"],
    [{ name: "a b", role: "auditor" }, 422, "/name"],
    [{ name: "READER", role: "auditor" }, 422, "/name"],
    [{ name: "x", role: "root" }, 400, "/role"],
    [{ name: "x", role: "auditor", operations: [] }, 400, "/operations"],
    [{ name: "x", role: "auditor", operations: ["network list", "fly"] }, 400, "/operations/1"],
    [{ name: "x", role: "auditor", expiresAt: new Date(Date.now() - day).toISOString() }, 400, "/expiresAt"],
    [{ name: "x", role: "auditor", expiresAt: new Date(Date.now() + 401 * day).toISOString() }, 400, "/expiresAt"],
    [{ name: "x", role: "auditor", more: 1 }, 400, "/more"],
  ]) {
    const r = await house.post("/tokens", body);
    assert.deepEqual([r.status, r.body.errors[0].pointer], [status, pointer], r.text);
  }
  assert.equal((await house.get("/tokens/x")).status, 404);
});

test("a key that is asked again makes no second one, and keeps no secret", async () => {
  const headers = { "Idempotency-Key": "token-1" };
  const t = await house.post("/tokens", { name: "once", role: "auditor" }, { headers });
  secrets.push(t.body.token);
  assert.equal(t.status, 201);
  const again = await house.post("/tokens", { name: "once", role: "auditor" }, { headers });
  assert.deepEqual([again.status, again.body.code], [422, "NameTaken"]);
});

test("after a restart it still is one; its secret is nowhere", async () => {
  await house.polyrootd.kill("SIGKILL");
  await house.startPolyrootd();
  await house.ready();
  const store = readdirSync(house.dir).filter((f) => /\.db/.test(f)).map((f) => readFileSync(join(house.dir, f), "latin1"));
  const audit = JSON.stringify(await house.must(200, "GET", "/audit?limit=4096"));
  assert.ok(store.length > 0 && secrets.length > 4);
  for (const secret of secrets) {
    for (const text of store) assert.ok(!text.includes(secret), "in the store");
    assert.ok(!house.polyrootd.said.includes(secret), "in the log");
    assert.ok(!audit.includes(secret), "in an event");
  }
  await house.must(200, "GET", "/slots", undefined, as(secrets[0]));
});
