// tools/run, which `make run` is: comes up, watches over its processes, ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { objects, top, until, whyNoFuse } from "./lib.mjs";

const freePort = () => new Promise((resolve) => {
  const s = createServer().listen(0, "127.0.0.1", () => {
    const { port } = s.address();
    s.close(() => resolve(port));
  });
});

class Run {
  async start(env = {}) {
    this.dir = mkdtempSync(join(tmpdir(), "polyroot-run-"));
    this.port = await freePort();
    this.said = "";
    this.child = spawn(join(top, "tools/run"), { env: { ...process.env, B: objects, RUN_DIR: this.dir, PORT: this.port, ...env },
      stdio: ["ignore", "pipe", "pipe"] });
    for (const s of [this.child.stdout, this.child.stderr]) s.on("data", (d) => { this.said += d; });
    this.ended = new Promise((resolve) => { this.child.on("exit", (code, signal) => resolve({ code, signal })); });
    this.ended.then(() => { this.over = true; });
    return this;
  }
  async up() {
    await until(() => `run comes up: ${this.said}`, () => {
      assert.ok(!this.over, this.said);
      return /Ctrl-C stops everything/.test(this.said);
    }, 60_000);
    return this;
  }
  pid(name) {
    const n = Number(readFileSync(join(this.dir, `${name}.pid`), "utf8"));
    process.kill(n, 0);
    return n;
  }
  health(path = "/healthz") {
    return new Promise((resolve) => {
      request({ host: "127.0.0.1", port: this.port, path, rejectUnauthorized: false, agent: false },
        (r) => { r.resume(); resolve(r.statusCode); }).on("error", () => resolve(0)).end();
    });
  }
  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    const end = await this.ended;
    return end;
  }
  remove() { rmSync(this.dir, { recursive: true, force: true }); }
}

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("run", () => {
  const runs = [];
  const begin = async (env) => {
    const r = await new Run().start(env);
    runs.push(r);
    return r;
  };
  after(async () => {
    for (const r of runs) {
      if (!r.over) await r.stop();
      r.remove();
    }
  });

  for (const fuse of ["no", "yes"])
    test(`comes up, starts the dead again, ends clean (FUSE=${fuse})`, { skip: fuse === "yes" && whyNoFuse() }, async () => {
      const r = await (await begin({ FUSE: fuse })).up();
      assert.match(r.said, new RegExp(`https://127\\.0\\.0\\.1:${r.port}/`));
      const password = readFileSync(join(r.dir, "admin.password"), "utf8").trim();
      assert.ok(r.said.includes(password));
      assert.equal(await r.health(), 200);
      assert.equal(existsSync(join(r.dir, "emu/sys/bus/pci/devices")), fuse === "yes");
      for (const name of ["polyrootd", "switchmgr"]) {
        const old = r.pid(name);
        process.kill(old, "SIGKILL");
        await until(`${name} is started again`, () => {
          try {
            return r.pid(name) !== old;
          } catch {
            return false;
          }
        });
      }
      await until("healthy again", async () => (await r.health()) === 200);
      await until("it sees the switch again", async () => (await r.health("/readyz")) === 200);
      const pids = ["polyrootd", "switchmgr", "emu"].map((n) => r.pid(n));
      const { code } = await r.stop();
      assert.equal(code, 143, r.said);
      for (const pid of pids) assert.equal(alive(pid), false);
      assert.deepEqual(readdirSync(r.dir).filter((f) => f.endsWith(".pid")), []);
      assert.doesNotMatch(readFileSync("/proc/self/mounts", "utf8"), new RegExp(r.dir));
    });

  test("a dead emulator ends the run", async () => {
    const r = await (await begin({ FUSE: "no" })).up();
    const pids = ["polyrootd", "switchmgr"].map((n) => r.pid(n));
    process.kill(r.pid("emu"), "SIGKILL");
    const { code } = await r.ended;
    assert.notEqual(code, 0);
    assert.match(r.said, /emulator has ended/);
    for (const pid of pids) assert.equal(alive(pid), false);
  });

  test("two side by side; a second in the same directory is refused", async () => {
    const a = await (await begin({ FUSE: "no" })).up();
    const b = await (await begin({ FUSE: "no" })).up();
    assert.deepEqual([await a.health(), await b.health()], [200, 200]);
    const c = spawn(join(top, "tools/run"), { env: { ...process.env, B: objects, RUN_DIR: a.dir, PORT: b.port } });
    let said = "";
    c.stderr.on("data", (d) => { said += d; });
    assert.equal(await new Promise((resolve) => { c.on("exit", resolve); }), 1);
    assert.match(said, /still runs/);
    assert.equal(await a.health(), 200);
    await a.stop("SIGINT");
    assert.equal(await b.health(), 200);
  });

  test("a port that is taken is told, and nothing is left", async () => {
    const a = await (await begin({ FUSE: "no" })).up();
    const r = await begin({ FUSE: "no", PORT: String(a.port) });
    const { code } = await r.ended;
    assert.equal(code, 1, r.said);
    assert.match(r.said, /polyrootd does not come up/);
    assert.deepEqual(readdirSync(r.dir).filter((f) => f.endsWith(".pid")), []);
  });

  for (const [what, env] of [["port", { PORT: "http" }], ["chassis", { CHASSIS: "nothing" }], ["fabric", { FABRIC: "nothing" }]])
    test(`a ${what} that is none is told`, async () => {
      const r = await begin(env);
      assert.equal((await r.ended).code, 1);
      assert.ok(r.said.includes("nothing") || r.said.includes("http"), r.said);
    });
});
