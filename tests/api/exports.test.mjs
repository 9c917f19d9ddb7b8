// Documents of kind system and full: sealed with a passphrase, opened with it
// again, on another appliance.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, top } from "./lib.mjs";

const XML = { type: "application/xml" };
const PASSPHRASE = "correct-horse-battery";
const noXmllint = spawnSync("xmllint", ["--version"]).error ? "there is no xmllint" : false;

describe("exports", () => {
  let house, other, full, system;
  const out = (body, options) => house.post("/exports", body, options);
  const into = (where, xml, { query = "mode=replace&scope=all", passphrase, ...options } = {}) => where.post(`/imports?${query}`, xml,
    { ...XML, headers: passphrase ? { "X-Polyroot-Passphrase": passphrase } : {}, ...options });
  const confirmed = (plan) => ({ confirm: [...new Set(plan.checks.filter((c) => c.severity === "C").map((c) => c.code))], origin: "polyroot" });
  const files = () => readdirSync(house.dir).filter((f) => /\.(db|log)|^polyroot\.db/.test(f)).map((f) => readFileSync(join(house.dir, f)));

  before(async () => {
    [house, other] = await Promise.all([new House({ name: "exports" }).start(), new House({ name: "other" }).start()]);
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/profiles", { name: "web" });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "n0", networks: ["prod"], mac: "pool" });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "n1", networks: ["prod"], mac: "pool" });
    await house.must(200, "DELETE", "/profiles/web/vnics/n1");
    await house.must(200, "PATCH", "/settings", { import: { requireSignature: "warn" } });
    full = await out({ kind: "full", passphrase: PASSPHRASE });
    system = await out({ kind: "system", passphrase: PASSPHRASE });
  });
  after(async () => {
    await house?.stop();
    await other?.stop();
  });

  test("three kinds come out; the sealed ones are valid for the schema", { skip: noXmllint }, async () => {
    const logical = await out({ kind: "logical" });
    for (const [kind, r] of Object.entries({ logical, system, full })) {
      assert.equal(r.status, 200, r.text);
      assert.match(r.headers["content-type"], /^application\/xml/);
      assert.match(r.text, new RegExp(`kind="${kind}"`));
      const file = join(house.dir, `${kind}.xml`);
      writeFileSync(file, r.text);
      const lint = spawnSync("xmllint", ["--nonet", "--noout", "--schema", join(top, "profiles/config-1.xsd"), file]);
      assert.equal(lint.status, 0, String(lint.stderr));
    }
    assert.ok(!logical.text.includes("encryptedSystem") && !system.text.includes("<profiles"));
  });

  test("nothing secret is in clear, anywhere", () => {
    for (const r of [full, system]) assert.doesNotMatch(r.text, /argon2id\$|"admin"|requireSignature/i);
    assert.match(full.text, /<encryptedSystem alg="XChaCha20-Poly1305" kdf="Argon2id" ops="3" memMiB="64"/);
    for (const bytes of files()) assert.ok(!bytes.includes(PASSPHRASE));
    assert.ok(!house.polyrootd.said.includes(PASSPHRASE));
  });

  test("two exports are sealed differently and say the same", async () => {
    const again = await out({ kind: "full", passphrase: PASSPHRASE });
    const digest = (text) => /<contentDigest>(\w+)/.exec(text)[1];
    assert.notEqual(again.text, full.text);
    assert.equal(digest(again.text), digest(full.text));
  });

  for (const [name, body, status, code] of [
    ["no passphrase", { kind: "full" }, 422, "PassphraseNeeded"],
    ["a short one", { kind: "system", passphrase: "short" }, 422, "PassphraseTooShort"],
    ["one with blanks", { kind: "system", passphrase: "correct horse battery" }, 422, "PassphraseTooShort"],
    ["another kind", { kind: "profile" }, 400, ""],
    ["no kind", {}, 400, ""],
    ["another member", { kind: "logical", x: 1 }, 400, ""],
  ]) test(`${name} is refused`, async () => {
    const r = await out(body);
    assert.equal(r.status, status, r.text);
    if (code) assert.equal(r.body.code, code);
    if (code) assert.ok(r.body.errors[0].remedy);
  });

  test("a wrong passphrase and a changed seal open nothing", async () => {
    const wrong = await into(other, full.text, { passphrase: "another-passphrase" });
    assert.equal(wrong.status, 422, wrong.text);
    assert.equal(wrong.body.code, "PassphraseWrong");
    const cut = full.text.replace(/(<encryptedSystem[^>]*>)(.)/, (_, tag, c) => tag + (c === "A" ? "B" : "A"));
    assert.equal((await into(other, cut, { passphrase: PASSPHRASE })).body.code, "PassphraseWrong");
    const greedy = full.text.replace('memMiB="64"', 'memMiB="4000000"');
    assert.equal((await into(other, greedy, { passphrase: PASSPHRASE })).body.code, "DocumentSealed");
  });

  test("without the passphrase it is asked whether to do without", async () => {
    const r = await into(other, full.text);
    assert.equal(r.status, 201, r.text);
    assert.equal(r.body.plan.checks.find((c) => c.code === "SealedLeftOut")?.severity, "C");
  });

  test("a whole site with its settings, keys and history comes back elsewhere", async () => {
    const r = await into(other, full.text, { passphrase: PASSPHRASE });
    assert.equal(r.status, 201, r.text);
    assert.ok(!r.text.includes(PASSPHRASE) && !r.text.includes("argon2"));
    const said = Object.fromEntries(r.body.conflicts.map((c) => [c.code, c.option]));
    assert.equal(said.UsersDiffer, "keepLocal");
    assert.equal(said.SettingsDiffer, "useImported");
    assert.equal(said.TrustKeysDiffer, "merge");
    assert.ok(r.body.plan.diff.some((d) => d.type === "settings") && r.body.plan.diff.some((d) => d.type === "trustKey"));
    const done = await other.post(`/plans/${r.body.plan.id}:apply`, confirmed(r.body.plan));
    assert.equal(done.status, 201, done.text);
    assert.equal((await other.must(200, "GET", "/settings")).import.requireSignature, "warn");
    const key = (await house.must(200, "GET", "/trustKeys")).items[0];
    const theirs = (await other.must(200, "GET", "/trustKeys")).items;
    assert.ok(theirs.some((k) => k.keyId === key.keyId && !k.own));
    assert.equal(theirs.filter((k) => k.own).length, 1);
    // What was given up there rests here as well.
    const gone = (await house.must(200, "GET", "/identities?state=quarantined")).items;
    assert.equal(gone.length, 1);
    const here = (await other.must(200, "GET", `/find?q=${gone[0].value}`));
    assert.ok(JSON.stringify(here).includes("n1"), JSON.stringify(here));
    await other.login();	// its own users were left alone
  });

  test("again it is nothing; its signature is known by now", async () => {
    const r = await into(other, full.text, { passphrase: PASSPHRASE });
    assert.deepEqual(r.body.plan.diff, []);
    assert.equal(r.body.document.signature.state, "known");
  });

  test("users are replaced when somebody says so, and their sessions end", async () => {
    const r = await into(other, system.text, { query: "mode=merge", passphrase: PASSPHRASE });
    assert.equal(r.status, 201, r.text);
    const p = await other.must(200, "PATCH", `/imports/${r.body.id}`, { choices: [{ conflict: "UsersDiffer", option: "replace" }] });
    assert.ok(p.plan.diff.some((d) => d.type === "user" && d.name === "admin"), JSON.stringify(p.plan.diff));
    assert.equal((await other.post(`/plans/${p.plan.id}:apply`, {})).status, 409);
    const done = await other.post(`/plans/${p.plan.id}:apply`, confirmed(p.plan));
    assert.equal(done.status, 201, done.text);
    assert.equal((await other.get("/appliance")).status, 401);
    const login = await other.call("POST", "/sessions", { body: { user: "admin", password: house.password }, token: null });
    assert.equal(login.status, 201, login.text);
    other.token = login.body.token;
  });

  test("PUT /config takes the passphrase too", async () => {
    const put = (headers) => other.call("PUT", "/config?scope=all&dryRun=true", { body: full.text, ...XML,
      headers: { "If-Match": "*", ...headers } });
    const closed = await put({});
    assert.equal(closed.status, 200, closed.text);
    assert.ok(closed.body.plan.checks.some((c) => c.code === "SealedLeftOut"));
    const opened = await put({ "X-Polyroot-Passphrase": PASSPHRASE });
    assert.ok(!opened.body.plan.checks.some((c) => c.code === "SealedLeftOut"), opened.text);
    assert.equal((await put({ "X-Polyroot-Passphrase": "another-passphrase" })).body.code, "PassphraseWrong");
  });

  test("what was opened is forgotten with the process", async () => {
    const r = await into(other, system.text, { query: "mode=merge", passphrase: PASSPHRASE });
    assert.equal(r.status, 201, r.text);
    const { token } = other;
    await other.polyrootd.kill("SIGTERM");
    await other.startPolyrootd();
    other.token = token;
    await other.polyrootd.until("is there", async () => (await other.get("/appliance")).body?.view?.state === "ok");
    const p = await other.must(200, "PATCH", `/imports/${r.body.id}`, { choices: [] });
    assert.ok(p.plan.checks.some((c) => c.code === "SealedLeftOut"), JSON.stringify(p.plan.checks));
    assert.ok(existsSync(join(other.dir, "polyroot.db.epoch")));
  });
});
