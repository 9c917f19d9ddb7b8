// export, import, diff, apply of the CLI: files, words, exit codes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { House, program } from "./lib.mjs";

describe("cli documents", () => {
  let house, dir, whole;
  before(async () => {
    house = await new House({ name: "cli-doc" }).start();
    dir = mkdtempSync(join(tmpdir(), "polyroot-doc-"));
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/profiles", { name: "web" });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod"], mac: "pool",
      qos: { limitMbps: 2000 } });
    await house.applied("POST", "/profiles/web:assign", { slot: 3 });
    whole = join(dir, "whole.xml");
  });
  after(async () => {
    await house?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const run = (words, { input = "", env = {} } = {}) => new Promise((resolve) => {
    const child = spawn(program("polyroot"), words, { cwd: dir, env: { HOME: dir, PATH: process.env.PATH,
      POLYROOT_URL: `https://127.0.0.1:${house.port}`, POLYROOT_CA: join(house.dir, "cert.pem"),
      POLYROOT_TOKEN: house.token, ...env } });
    let out = "", err = "";
    child.stdout.on("data", (d) => { out += d; });
    child.stderr.on("data", (d) => { err += d; });
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
  const exits = async (code, words, options) => {
    const r = await run(words, options);
    assert.equal(r.code, code, `${words.join(" ")}: ${r.code}\n${r.out}${r.err}`);
    return r;
  };
  /** The same, and whatever it asks to be confirmed is confirmed. */
  const confirmed = async (words) => {
    const { code, out, err } = await run(words);
    if (code !== 3) {
      assert.equal(code, 0, `${words.join(" ")}: ${code}\n${out}${err}`);
      return out;
    }
    const codes = [...err.matchAll(/^ {2}([A-Z]\w+) /gm)].map((m) => m[1]);
    assert.ok(codes.length > 0, err);
    return (await exits(0, [...words, "--confirm", codes.join(",")])).out;
  };
  const edited = (name, ...changes) => {
    let text = readFileSync(whole, "utf8");
    for (const [from, to] of changes) {
      assert.ok(text.includes(from), `${from} is in the document`);
      text = text.replace(from, to);
    }
    writeFileSync(join(dir, name), text);
    return name;
  };
  const imports = async () => (await house.must(200, "GET", "/imports")).items.length;
  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;
  const limit = async () => (await house.must(200, "GET", "/profiles/web/vnics/net0")).qos.limitMbps;

  test("what is sealed takes its passphrase from the environment", async () => {
    const env = { POLYROOT_PASSPHRASE: "correct-horse-battery" };
    const { err } = await exits(10, ["export", "--kind", "full"]);
    assert.match(err, /POLYROOT_PASSPHRASE/);
    await exits(0, ["export", "--kind", "full", "-o", "full.xml"], { env });
    assert.match(readFileSync(join(dir, "full.xml"), "utf8"), /<encryptedSystem/);
    // Opened, there is nothing to confirm; closed, doing without it is.
    assert.doesNotMatch((await run(["import", "./full.xml", "--dry-run"], { env })).out, /SealedLeftOut/);
    const closed = await run(["import", "./full.xml", "--dry-run"]);
    assert.match(closed.out + closed.err, /SealedLeftOut/);
  });

  test("export writes a file of the user's own, or the standard output", async () => {
    await exits(0, ["export", "-o", "whole.xml"]);
    const text = readFileSync(whole, "utf8");
    assert.equal(statSync(whole).mode & 0o777, 0o600);
    assert.equal(text, (await house.get("/config", { headers: { Accept: "application/xml" } })).text);
    assert.equal((await exits(0, ["export"])).out, text);
    assert.equal((await exits(0, ["export", "--kind", "logical", "-o", "-"])).out, text);
    assert.match((await exits(0, ["export", "--profile", "web"])).out, /kind="profile"/);
    await exits(13, ["export", "--profile", "nobody", "-o", "nothing.xml"]);
    await exits(10, ["export", "--kind", "full", "-o", "nothing.xml"]);
    await exits(10, ["export", "--mode", "merge"]);
    assert.ok(!existsSync(join(dir, "nothing.xml")));
    const { code } = await run(["export", "-o", "no/such/dir.xml"]);
    assert.ok(code >= 10);
  });

  test("one's own export is no difference: 0, and nothing is kept", async () => {
    const was = await generation();
    for (const words of [["diff", "whole.xml"], ["diff", "-"], ["apply", "-f", "whole.xml", "--dry-run"],
      ["apply", "-f", "whole.xml"], ["import", "whole.xml"], ["import", "./whole.xml", "--mode", "replace", "--dry-run"]])
      await exits(0, words, { input: readFileSync(whole) });
    assert.equal(await generation(), was);
    assert.equal((await house.must(200, "GET", "/imports")).items.filter((i) => i.kept !== false &&
      i.mode === "merge").length, 0);
  });

  test("a difference is 2, and told before and after", async () => {
    edited("more.xml", ['limitMbps="2000"', 'limitMbps="3000"']);
    const was = await generation();
    const { out } = await exits(2, ["diff", "more.xml"]);
    assert.match(out, /document of kind logical from/);
    assert.match(out, /change vnic web\/net0/);
    assert.match(out, /limitMbps: 2000 -> 3000/);
    assert.doesNotMatch(out, /module io1 is/);
    assert.match(out, /default: update; options:.* refuse\(B\)/);
    await exits(2, ["import", "more.xml", "--dry-run"]);
    await exits(2, ["apply", "-f", "more.xml", "--dry-run"]);
    assert.equal(await generation(), was);
    assert.equal(await limit(), 2000);
    const json = JSON.parse((await exits(2, ["diff", "more.xml", "-o", "json"])).out);
    assert.equal(json.mode, "replace");
    assert.equal(json.plan.diff[0].name, "net0");
  });

  test("apply makes it so, and then there is none", async () => {
    assert.match((await exits(3, ["apply", "-f", "more.xml"])).err, /DocumentModified|SignatureInvalid/);
    assert.equal(await limit(), 2000);
    assert.match(await confirmed(["apply", "-f", "more.xml"]), /applied|done/);
    assert.equal(await limit(), 3000);
    assert.equal((await house.server(3)).functions[0].limitMbps, 3000);
    await exits(0, ["diff", "more.xml"]);
    await confirmed(["apply", "-f", "whole.xml"]);
    assert.equal(await limit(), 2000);
  });

  test("import applies what it shows", async () => {
    await confirmed(["import", "more.xml"]);
    assert.equal(await limit(), 3000);
    assert.match(await confirmed(["import", "whole.xml", "--mode", "replace", "--scope", "profiles"]), /applied/);
    assert.equal(await limit(), 2000);
  });

  test("a conflict is 3, with what may be chosen; a choice gets through", async () => {
    edited("other.xml", ['vlan="120"', 'vlan="130"']);
    const was = await generation();
    const { out, err } = await exits(3, ["import", "other.xml"]);
    assert.match(out, /NetworkDiffers/);
    assert.match(out, /options:.*refuse.*keepLocal/);
    assert.match(err, /is kept/);
    assert.equal(await generation(), was);
    await exits(3, ["import", "other.xml", "--dry-run"]);
    const kept = await imports();
    await exits(0, ["import", "other.xml", "--dry-run", "--choose", "NetworkDiffers=keepLocal"]);
    assert.equal(await imports(), kept);
    await exits(10, ["import", "other.xml", "--choose", "NetworkDiffers"]);
  });

  test("a map sends a profile elsewhere", async () => {
    writeFileSync(join(dir, "map.json"), JSON.stringify({ slots: { 3: "5" } }));
    const { out } = await exits(2, ["diff", "whole.xml", "--map", "map.json"]);
    assert.match(out, /slot 3 is 5/);
    assert.match(out, /assignment web/);
    await exits(10, ["diff", "whole.xml", "--map", "whole.xml"]);
    await exits(13, ["diff", "whole.xml", "--map", "nowhere.json"]);
    await confirmed(["apply", "-f", "whole.xml", "--map", "map.json"]);
    assert.equal((await house.must(200, "GET", "/profiles/web")).slot, 5);
    assert.equal((await house.server(5)).functions.length, 1);
  });

  test("what is no document is refused with its line; what is wrong here is 10 or 13", async () => {
    writeFileSync(join(dir, "broken.xml"), "<applianceConfig");
    const { err } = await exits(10, ["import", "broken.xml"]);
    assert.match(err, /Document/);
    await exits(13, ["import", "./nothing.xml"]);
    await exits(10, ["import", "whole.xml", "--colour", "red"]);
    await exits(10, ["diff"]);
    await exits(10, ["apply", "-f"]);
    await exits(10, ["import", "whole.xml", "more.xml"]);
  });

  test("the routes' own verbs are there too", async () => {
    await exits(0, ["import", "list"]);
    await exits(3, ["export", "make", "--kind", "full"]);
    await exits(2, ["import", "make", "--file", "more.xml", "--dry-run"]);
    await exits(0, ["snapshot", "make", "--reason", "lunch"]);
    assert.match((await exits(0, ["snapshot", "list"])).out, /lunch/);
    assert.match((await exits(0, ["help"])).out, /polyroot apply -f FILE/);
  });
});
