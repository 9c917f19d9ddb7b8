// Signing in: tokens, cookies, guesses, and that secrets stay secret.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

describe("session", () => {
  let house, secrets = [];
  before(async () => {
    house = await new House({ name: "session" }).start();
    secrets = [house.password, house.token];
  });
  after(() => house?.stop());

  const sign = (body, options) => house.post("/sessions", body, { token: null, ...options });

  test("the password file is its owner's", () => {
    assert.equal(statSync(join(house.dir, "admin.password")).mode & 0o777, 0o600);
    assert.equal(statSync(join(house.dir, "key.pem")).mode & 0o777, 0o600);
  });

  test("a token knows who it is, and ends", async () => {
    const { body } = await sign({ user: "admin", password: house.password });
    secrets.push(body.token);
    assert.match(body.token, /^[A-Za-z0-9_-]{43}$/);
    const me = await house.must(200, "GET", "/sessions/current", undefined, { token: body.token });
    assert.equal(me.user, "admin");
    assert.equal(me.csrf, undefined);
    await house.must(204, "DELETE", "/sessions/current", undefined, { token: body.token });
    await house.must(401, "GET", "/sessions/current", undefined, { token: body.token });
    await house.must(200, "GET", "/sessions/current");
  });

  describe("a cookie", () => {
    let cookie, csrf;
    const name = () => `__Host-polyroot-${house.port}`;
    const as = (method, path, body, headers = {}) =>
      house.call(method, path, { body, token: null, headers: { Cookie: cookie, ...headers } });

    test("comes only when asked for, and then no token", async () => {
      const r = await sign({ user: "admin", password: house.password, cookie: true });
      assert.equal(r.status, 201);
      assert.equal(r.body.token, undefined);
      assert.equal(r.body.user, "admin");
      const set = r.headers["set-cookie"];
      assert.equal(set.length, 1);
      assert.match(set[0], new RegExp(`^${name()}=[A-Za-z0-9_-]{43}; `));
      for (const part of ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"]) assert.ok(set[0].includes(part), set[0]);
      assert.doesNotMatch(set[0], /Domain/i);
      cookie = set[0].split(";")[0];
      csrf = r.body.csrf;
      secrets.push(cookie.split("=")[1], csrf);
      const plain = await sign({ user: "admin", password: house.password });
      assert.equal(plain.headers["set-cookie"], undefined);
      secrets.push(plain.body.token);
    });
    test("reads without, and changes only with its CSRF", async () => {
      const me = await as("GET", "/sessions/current");
      assert.equal(me.status, 200);
      assert.equal(me.body.csrf, csrf);
      const network = { name: "by-cookie", vlan: 9 };
      assert.equal((await as("POST", "/networks", network)).status, 403);
      assert.equal((await as("POST", "/networks", network, { "X-Polyroot-CSRF": "x" })).status, 403);
      assert.equal((await as("POST", "/networks", network,
        { "X-Polyroot-CSRF": csrf, "Sec-Fetch-Site": "cross-site" })).status, 403);
      assert.equal((await house.get("/networks/by-cookie")).status, 404);
      assert.equal((await as("POST", "/networks", network,
        { "X-Polyroot-CSRF": csrf, "Sec-Fetch-Site": "same-origin" })).status, 201);
    });
    test("is no bearer token, and a bearer token no cookie", async () => {
      await house.must(401, "GET", "/sessions/current", undefined, { token: cookie.split("=")[1] });
      const r = await house.get("/sessions/current", { token: null, headers: { Cookie: `${name()}=${house.token}` } });
      assert.equal(r.status, 401);
    });
    test("is forgotten with its session", async () => {
      const r = await as("DELETE", "/sessions/current", undefined, { "X-Polyroot-CSRF": csrf });
      assert.equal(r.status, 204);
      assert.match(r.headers["set-cookie"]?.[0] ?? "", new RegExp(`^${name()}=; .*Max-Age=0`));
      assert.equal((await as("GET", "/sessions/current")).status, 401);
    });
  });

  for (const [what, body, status] of [["no password", { user: "admin" }, 400], ["an unknown member",
    { user: "a", password: "b", otp: "1" }, 400], ["a number", { user: 1, password: "b" }, 400],
    ["a long name", { user: "a".repeat(300), password: "b" }, 400]])
    test(`${what} is ${status}`, async () => assert.equal((await sign(body)).status, status));

  test("a wrong password and an unknown user look the same; guesses wait", async () => {
    const wrong = await sign({ user: "admin", password: "wrong-guess" });
    const nobody = await sign({ user: "nobody", password: "wrong-guess" });
    assert.equal(wrong.status, 401);
    assert.deepEqual({ ...nobody.body, requestId: "" }, { ...wrong.body, requestId: "" });
    let last;
    for (let i = 0; i < 4; i++) last = await sign({ user: "nobody", password: "wrong-guess" });
    assert.equal(last.status, 429);
    assert.match(last.headers["retry-after"], /^[1-9]\d*$/);
    assert.equal(last.body.code, "LoginThrottled");
    const { body } = await sign({ user: "admin", password: house.password });
    assert.ok(body.token, "others need not wait");
    secrets.push(body.token);
  });

  test("many at once are let in or told to wait", async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => sign({ user: "admin", password: house.password })));
    const seen = new Set(all.map((r) => r.status));
    assert.ok(seen.has(201) && [...seen].every((s) => s === 201 || s === 429), [...seen].join());
    for (const r of all) r.status === 201 ? secrets.push(r.body.token) : assert.ok(r.headers["retry-after"]);
  });

  test("no secret is in the log, in the store or in an event", async () => {
    const { items } = await house.must(200, "GET", "/audit");
    assert.ok(items.length > 0);
    const store = readdirSync(house.dir).filter((f) => /\.db/.test(f)).map((f) => readFileSync(join(house.dir, f), "latin1"));
    assert.ok(store.length > 0);
    for (const secret of secrets.filter((s) => s !== undefined)) {
      assert.ok(!house.polyrootd.said.includes(secret), "in the log");
      assert.ok(!JSON.stringify(items).includes(secret), "in an event");
    }
    // CSRF values are stored: they are of no use without the cookie.
    for (const secret of [house.password, house.token])
      for (const text of store) assert.ok(!text.includes(secret), "in the store");
    assert.ok(!house.polyrootd.said.includes("wrong-guess"));
  });
});
