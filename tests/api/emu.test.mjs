// polyroot-emu as a program: its options, its client, its life.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const top = resolve(fileURLToPath(import.meta.url), "../../..");
const emulator = join(resolve(top, process.env.B ?? "build"), "polyroot-emu");
const chassis = join(top, "chassis/lab-4.json");

function ctl(dir, ...words) {
  const r = spawnSync(emulator, ["ctl", join(dir, "control.sock"), ...words], { encoding: "utf8" });
  return { status: r.status, json: r.stdout ? JSON.parse(r.stdout) : null, stderr: r.stderr };
}

async function start(dir) {
  const child = spawn(emulator, ["--chassis", chassis, "--dir", dir], { stdio: ["ignore", "ignore", "pipe"] });
  child.ended = once(child, "exit");
  let log = "";
  child.stderr.on("data", (d) => { log += d; });
  for (const end = Date.now() + 10_000; !log.includes("ready"); await pause(5))
    assert.ok(Date.now() < end && child.exitCode === null, `emulator: ${log}`);
  return child;
}

async function stop(child, signal = "SIGTERM") {
  child.kill(signal);
  return (await child.ended)[0];
}

describe("polyroot-emu", () => {
  let root, dir, running = [];

  before(() => { root = mkdtempSync(join(tmpdir(), "polyroot-emu-")); });
  after(() => rmSync(root, { recursive: true }));
  afterEach(async () => {
    for (const child of running.splice(0))
      if (child.exitCode === null && child.signalCode === null) await stop(child, "SIGKILL");
  });
  const begin = async (name) => {
    dir = join(root, name);
    const child = await start(dir);
    running.push(child);
    return child;
  };

  test("keeps its state when its clients go, and ends cleanly", async () => {
    const child = await begin("state");
    assert.equal(ctl(dir, "map", "io1.1.vf3", "2", "0").status, 0);
    assert.equal(ctl(dir, "set", "io1.1.vf3", "mac", "02:10:00:00:00:07").status, 0);
    const { json } = ctl(dir, "server", "2");
    assert.equal(json.functions[0].mac, "02:10:00:00:00:07");
    assert.equal(json.functions[0].id, "8086:10ed");
    assert.equal(await stop(child), 0);
    assert.ok(!existsSync(join(dir, "control.sock")));
    assert.ok(!existsSync(join(dir, "cfg.sock")));
  });

  test("a new one knows nothing of the old one", async () => {
    const first = await begin("again");
    assert.equal(ctl(dir, "map", "io1.1.vf3", "2", "0").status, 0);
    await stop(first, "SIGKILL");
    assert.ok(existsSync(join(dir, "cfg.sock")), "a killed one leaves its sockets");
    await begin("again");
    assert.deepEqual(ctl(dir, "server", "2").json.functions, []);
  });

  test("a second one in the same directory is refused", async () => {
    await begin("twice");
    const r = spawnSync(emulator, ["--chassis", chassis, "--dir", dir], { encoding: "utf8" });
    assert.equal(r.status, 1);
    assert.match(r.stderr, /answers there already/);
    assert.equal(ctl(dir, "chassis").status, 0, "the first one still answers");
  });

  test("a delay that is due comes to its end with nobody looking", async () => {
    await begin("due");
    assert.equal(ctl(dir, "reset").status, 0);
    for (const end = Date.now() + 10_000; !ctl(dir, "chassis").json.ready; await pause(10))
      assert.ok(Date.now() < end, "not ready again");
    assert.equal(ctl(dir, "chassis").json.boots, 2);
  });

  test("its sockets are for their owner only", async () => {
    await begin("mode");
    for (const name of ["control.sock", "cfg.sock"])
      assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name);
  });

  test("a directory with a long path", async () => {
    const long = "d".repeat(120);
    mkdirSync(join(root, long));
    await begin(join(long, "emu"));
    assert.equal(ctl(dir, "server", "1").status, 0);
  });

  for (const [words, want] of [
    [["server", "5"], /no such slot/],
    [["fly"], /unknown command/],
    [["power", "slot", "1", "dim"], /on or off/],
  ])
    test(`ctl ${words.join(" ")} ends with 1`, async () => {
      await begin(`no-${words[0]}`);
      const r = ctl(dir, ...words);
      assert.equal(r.status, 1);
      assert.match(r.json.error, want);
    });

  test("ctl without an emulator ends with 1 and says why", () => {
    const r = ctl(join(root, "nowhere"), "chassis");
    assert.equal(r.status, 1);
    assert.match(r.stderr, /polyroot-emu ctl: /);
  });

  for (const args of [[], ["--dir", "x"], ["--chassis", chassis], ["--what"], ["ctl"], ["ctl", "x"],
    ["--chassis", chassis, "--dir", "x", "more"]])
    test(`usage: ${args.map((a) => a.replace(top, "")).join(" ")}`, () => {
      const r = spawnSync(emulator, args, { encoding: "utf8" });
      assert.equal(r.status, 2);
      assert.match(r.stderr, /usage: polyroot-emu/);
    });

  test("a chassis file that makes no sense is refused with its place", () => {
    const file = join(root, "bad.json");
    writeFileSync(file, '{"format":"polyroot chassis 1","name":"x","model":1,"slots":[{"count":0}],"bays":[{}]}');
    const r = spawnSync(emulator, ["--chassis", file, "--dir", join(root, "bad")], { encoding: "utf8" });
    assert.equal(r.status, 1);
    assert.match(r.stderr, /slots\/0\/count/);
  });
});
