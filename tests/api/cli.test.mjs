// The CLI against the real processes: its verbs, its words, its exit codes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import { House, program } from "./lib.mjs";

describe("cli", () => {
  let house, home;
  before(async () => {
    house = await new House({ name: "cli" }).start();
    home = mkdtempSync(join(tmpdir(), "polyroot-home-"));
  });
  after(async () => {
    await house?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** -> { code, out, err } */
  const run = (words, { input = "", env = {} } = {}) => new Promise((resolve) => {
    const child = spawn(program("polyroot"), words, { env: { HOME: home, PATH: process.env.PATH,
      POLYROOT_URL: `https://127.0.0.1:${house.port}`, POLYROOT_CA: join(house.dir, "cert.pem"), ...env } });
    let out = "", err = "";
    child.stdout.on("data", (d) => { out += d; });
    child.stderr.on("data", (d) => { err += d; });
    child.on("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
  const ok = async (words, code = 0, options) => {
    const r = await run(words, options);
    assert.equal(r.code, code, `${words.join(" ")}: ${r.code}\n${r.out}${r.err}`);
    return r;
  };

  test("help names every route", async () => {
    const { out } = await ok(["help"]);
    const { paths } = await house.must(200, "GET", "/openapi.json");
    assert.ok((out.match(/\n\t\S/g) ?? []).length >= Object.keys(paths).length);
  });
  test("help of a verb names its flags, before it or behind it", async () => {
    const { out } = await ok(["help", "lease", "add"]);
    assert.match(out, /lease add\n.*\n\tname +\S/);
    assert.equal((await ok(["lease", "add", "--help"])).out, out);
    assert.equal((await ok(["lease", "add", "--name", "night", "--help"])).out, out);
  });
  test("a stranger is 11, an unknown verb 10, nobody there 25", async () => {
    await ok(["network", "list"], 11);
    await ok(["frobnicate"], 10);
    await ok(["network", "list"], 25, { env: { POLYROOT_URL: "https://127.0.0.1:1" } });
  });
  test("a certificate that is not trusted is not followed", async () => {
    const { err } = await ok(["network", "list"], 25, { env: { POLYROOT_CA: "" } });
    assert.match(err, /POLYROOT_CA/);
  });
  test("login keeps the token in a file of the user's own", async () => {
    await ok(["login"], 11, { input: "wrong\n" });
    const { out } = await ok(["login", "--user", "admin"], 0, { input: `${house.password}\n` });
    assert.match(out, /signed in/);
    assert.ok(!out.includes(house.password));
    const dir = join(home, ".local/state/polyroot");
    assert.equal(statSync(join(dir, readdirSync(dir)[0])).mode & 0o777, 0o600);
  });
  test("labels are set and taken away one by one; a class is named", async () => {
    await ok(["network", "add", "--name", "shelf", "--vlan", "77", "--label", "rack=4", "--label", "row=b=2"]);
    assert.deepEqual((await house.must(200, "GET", "/networks/shelf")).labels, { rack: "4", row: "b=2" });
    await ok(["network", "change", "shelf", "--label", "rack=null"]);
    assert.deepEqual((await house.must(200, "GET", "/networks/shelf")).labels, { row: "b=2" });
    await ok(["network", "change", "shelf", "--label", "nothing"], 10);
    await ok(["class", "add", "--name", "silver", "--limit", "3000", "--pcp", "2"]);
    assert.equal((await house.must(200, "GET", "/qosClasses/silver")).limitMbps, 3000);
    await ok(["class", "remove", "silver"]);
    await ok(["network", "remove", "shelf"]);
  });
  test("make a network, a profile, a vNIC; give it a slot; see it", async () => {
    await ok(["network", "add", "--name", "prod", "--vlan", "120"]);
    await ok(["profile", "add", "--name", "esx-01"]);
    const made = JSON.parse((await ok(["vnic", "add", "esx-01", "--name", "net0", "--network", "prod", "--limit", "5000",
      "--mac", "pool", "-o", "json"])).out);
    assert.equal(made.qos.limitMbps, 5000);
    const dry = await ok(["profile", "assign", "esx-01", "--slot", "3", "--dry-run"], 2);
    assert.match(dry.out, /slot 3/);
    const { out } = await ok(["profile", "assign", "esx-01", "--slot", "3"]);
    assert.match(out, /applied/);
    const [f] = (await house.server(3)).functions;
    assert.equal(f.mac, made.mac);
    const table = (await ok(["slot", "list"])).out.split("\n");
    assert.match(table[0], /number +.*profile/);
    assert.match(table[3], /^3 .*esx-01/);
  });
  test("broken rules are 3, with what to do", async () => {
    const { err } = await ok(["network", "add", "--name", "x", "--vlan", "4095"], 3);
    assert.match(err, /VlanRange \/vlan/);
  });
  test("what is not there is 13", () => ok(["network", "show", "nothing"], 13));
  test("what is wrong on this side is 10", async () => {
    await ok(["network", "add", "--colour", "red"], 10);
    await ok(["network", "add", "--vlan", "many"], 10);
    await ok(["profile", "assign"], 10);
  });
  test("json is what the API said", async () => {
    const { out } = await ok(["network", "list", "-o", "json"]);
    assert.deepEqual(JSON.parse(out), await house.must(200, "GET", "/networks"));
  });
  test("a token of the environment counts more than the kept one", () =>
    ok(["network", "list"], 11, { env: { POLYROOT_TOKEN: "nobody" } }));
});
