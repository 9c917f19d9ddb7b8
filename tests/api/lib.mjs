// The real processes of one appliance, in a scratch directory, on a free port.
//
//	const house = await new House().start();
//	const { status, body } = await house.post("/networks", { name: "prod", vlan: 120 });
//	await house.stop();
//
// Nothing here sleeps for luck: every wait is a look at something that a process
// has said or done, with an end.  The emulator is the hardware: it outlives the
// other two, which can be killed and started again one by one.
import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync,
  writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const top = resolve(fileURLToPath(import.meta.url), "../../..");
export const objects = resolve(top, process.env.B ?? "build");
export const program = (name) => join(objects, name);
const run = promisify(execFile);

const UP_MS = 20_000;		// a process says that it is there
const JOB_MS = 60_000;		// a job ends
const LOOK_MS = 10;		// between two looks

/** Looks until `look` answers something true; `what` names it when it never does. */
export async function until(what, look, ms = UP_MS) {
  for (const end = Date.now() + ms; ; await pause(LOOK_MS)) {
    const seen = await look();
    if (seen) return seen;
    assert.ok(Date.now() < end, `${typeof what === "function" ? what() : what}: not within ${ms} ms`);
  }
}

/** Why the FUSE tree cannot be had here, or false. */
export function whyNoFuse() {
  try {
    closeSync(openSync("/dev/fuse", "r+"));
  } catch (e) {
    return `/dev/fuse cannot be used: ${e.code}`;
  }
  if (process.getuid() !== 0 && spawnSync("fusermount3", ["--version"]).error)
    return "there is no fusermount3";
  return false;
}

/**
 * One process: what it said, whether it lives.  It writes into NAME.log, not into a
 * pipe: it shall never wait for a test that is busy.
 */
class Process {
  constructor(name, path, args, cwd) {
    this.name = name;
    this.log = join(cwd, `${name}.log`);
    const fd = openSync(this.log, "a");
    this.from = fstatSync(fd).size;
    this.child = spawn(path, args, { cwd, stdio: ["ignore", fd, fd] });
    closeSync(fd);
    this.ended = new Promise((resolve) => {
      this.child.on("exit", (code, signal) => resolve({ code, signal }));
      this.child.on("error", () => resolve({ code: -1, signal: null }));
    });
  }

  get said() { return readFileSync(this.log).subarray(this.from).toString(); }
  get pid() { return this.child.pid; }
  get lives() { return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null; }

  until(what, look) {
    return until(() => `${this.name}: ${what}; it said:\n${this.said}`, () => {
      assert.ok(this.lives, `${this.name} ended:\n${this.said}`);
      return look();
    });
  }

  async kill(signal) {
    if (this.lives) this.child.kill(signal);
    return this.ended;
  }
}

export class House {
  /**
   * chassis: a file's name in chassis/; edit: changes its JSON before it is used;
   * fuse: the switch manager reads a tree like /sys/bus/pci instead of a socket;
   * under: where the scratch directory is made.
   */
  constructor({ chassis = "vio-4001", edit = null, fuse = false, name = "api", under = tmpdir() } = {}) {
    mkdirSync(under, { recursive: true });
    this.dir = mkdtempSync(join(under, `polyroot-${name}-`));
    this.fuse = fuse;
    this.file = join(this.dir, "chassis.json");
    const json = JSON.parse(readFileSync(join(top, "chassis", `${chassis}.json`), "utf8"));
    edit?.(json);
    writeFileSync(this.file, JSON.stringify(json));
    this.control = join(this.dir, "emu/control.sock");
    this.pci = join(this.dir, "emu/sys/bus/pci");
    this.starts = 0;
  }

  async start() {
    try {
      await this.startEmulator();
      await this.startSwitchmgr();
      await this.startPolyrootd();
      await this.ready();
    } catch (e) {
      await this.stop();
      throw e;
    }
    return this;
  }

  async startEmulator() {
    const fuse = this.fuse ? ["--fuse", join(this.dir, "emu/sys")] : [];
    mkdirSync(join(this.dir, "emu"), { recursive: true, mode: 0o700 });
    this.emulator = new Process("polyroot-emu", program("polyroot-emu"),
      ["--chassis", this.file, "--dir", join(this.dir, "emu"), ...fuse], this.dir);
    await this.emulator.until("comes up", () => existsSync(this.control) && existsSync(join(this.dir, "emu/cfg.sock")) &&
      (!this.fuse || this.treeIsThere()));
  }

  treeIsThere() {
    try {
      return readdirSync(join(this.pci, "devices")).length > 0;
    } catch {
      return false;
    }
  }

  async startSwitchmgr() {
    // Sockets are named by relative path: the limit is 107 bytes.
    rmSync(join(this.dir, "switchmgr.sock"), { force: true });
    this.switchmgr = new Process("polyroot-switchmgr", program("polyroot-switchmgr"),
      ["--fabric", this.fuse ? "mriov:sysfs=emu/sys/bus/pci" : "mriov:unix=emu/cfg.sock", "--socket", "switchmgr.sock"],
      this.dir);
    await this.switchmgr.until("comes up", () => existsSync(join(this.dir, "switchmgr.sock")));
  }

  async startPolyrootd(args = []) {
    this.agent?.destroy();
    this.token = null;
    this.polyrootd = new Process("polyrootd", program("polyrootd"),
      ["--dir", ".", "--port", "0", "--fabric", "remote:switchmgr.sock", "--models", join(top, "models"),
        "--capabilities", join(top, "capabilities"), "--xml", program("polyroot-xml"), ...args], this.dir);
    this.starts++;
    this.port = await this.polyrootd.until("listens", () => /listening address=\S+ port=(\d+)/.exec(this.polyrootd.said)?.[1]);
    this.ca = readFileSync(join(this.dir, "cert.pem"));
    this.agent = new Agent({ ca: this.ca, keepAlive: true, maxSockets: 64, timeout: 5000 });
    await this.polyrootd.until("is healthy", async () =>
      (await this.call("GET", "/healthz", { root: true, quiet: true })).status === 200);
  }

  /** The engine has seen the switch. */
  async ready() {
    await this.login();
    await this.polyrootd.until("sees the switch", async () =>
      (await this.get("/appliance")).body.view?.state === "ok");
  }

  get password() {
    return readFileSync(join(this.dir, "admin.password"), "utf8").trim();
  }

  async login() {
    const { status, body } = await this.call("POST", "/sessions",
      { body: { user: "admin", password: this.password }, token: null });
    assert.equal(status, 201, JSON.stringify(body));
    this.token = body.token;
  }

  // ---- one exchange ----

  /**
   * -> { status, headers, text, body }: body is parsed when it is JSON.  Every
   * POST gets a key of its own unless headers name one.  root: path is not below
   * /api/v1.  quiet: a connection that fails is status 0, and no exception.
   */
  call(method, path, { body, headers = {}, token = this.token, root = false, quiet = false, type } = {}) {
    const h = { Accept: "application/json", ...headers };
    let payload;
    if (token) h.Authorization = `Bearer ${token}`;
    if (body !== undefined) {
      payload = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      h["Content-Type"] ??= type ?? (method === "PATCH" ? "application/merge-patch+json" : "application/json");
      h["Content-Length"] = Buffer.byteLength(payload);
    }
    if (method === "POST" && !("Idempotency-Key" in h) && path !== "/sessions") h["Idempotency-Key"] = randomUUID();
    return new Promise((answered, failed) => {
      const no = (e) => (quiet ? answered({ status: 0, error: e.code ?? e.message, headers: {}, text: "", body: null }) : failed(e));
      const r = request({ host: "127.0.0.1", port: this.port, agent: this.agent, method,
        path: root ? path : `/api/v1${path}`, headers: h }, (answer) => {
        const parts = [];
        answer.on("data", (d) => parts.push(d));
        answer.on("error", no);
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          const json = /json/.test(answer.headers["content-type"] ?? "") && text !== "";
          answered({ status: answer.statusCode, headers: answer.headers, text, body: json ? JSON.parse(text) : null });
        });
      });
      r.on("error", no);
      r.end(payload);
    });
  }

  get(path, options) { return this.call("GET", path, options); }
  post(path, body, options) { return this.call("POST", path, { body, ...options }); }
  put(path, body, options) { return this.call("PUT", path, { body, ...options }); }
  patch(path, body, options) { return this.call("PATCH", path, { body, ...options }); }
  delete(path, options) { return this.call("DELETE", path, options); }

  /** As above, and the status must be the one expected; -> body. */
  async must(status, method, path, body, options) {
    const r = await this.call(method, path, { body, ...options });
    assert.equal(r.status, status, `${method} ${path}: ${r.status} ${r.text}`);
    return r.body;
  }

  /** The job as it is when it has ended. */
  async jobEnds(id, ms = JOB_MS) {
    const end = Date.now() + ms;
    for (;;) {
      const job = await this.must(200, "GET", `/jobs/${id}?wait=10`);
      if (["applied", "rolledBack", "rollbackFailed"].includes(job.state)) return job;
      assert.ok(Date.now() < end, `job ${id} is still ${job.state}: ${JSON.stringify(job)}`);
    }
  }

  /** A change that touches a slot: 202, and its job ends applied. */
  async applied(method, path, body, options) {
    const r = await this.call(method, path, { body, ...options });
    assert.equal(r.status, 202, `${method} ${path}: ${r.status} ${r.text}`);
    const id = r.headers.location.split("/").at(-1);
    const job = await this.jobEnds(id);
    assert.equal(job.state, "applied", JSON.stringify(job));
    return { body: r.body, job };
  }

  // ---- the far side of the bus ----

  async ctl(...words) {
    const { stdout } = await run(program("polyroot-emu"), ["ctl", "emu/control.sock", ...words.map(String)],
      { cwd: this.dir, maxBuffer: 1 << 28 });
    const answer = JSON.parse(stdout);
    assert.equal(answer.error, undefined, `${words.join(" ")}: ${answer.error}`);
    return answer;
  }

  async server(n) { return this.ctl("server", n); }

  /** Functions on every server's bus: [{slot, ...}]. */
  async seenByServers() {
    const { slots } = await this.ctl("chassis");
    const all = await Promise.all(slots.map((s) => this.server(s.slot)));
    return all.flatMap((s) => s.functions.map((f) => ({ slot: s.slot, ...f })));
  }

  // ---- ending ----

  async stop() {
    this.agent?.destroy();
    await this.polyrootd?.kill("SIGTERM");
    await this.switchmgr?.kill("SIGTERM");
    await this.emulator?.kill("SIGTERM");
    if (this.fuse) spawnSync(join(top, "tools/unmount"), [this.dir]);
    if (process.env.KEEP) process.stderr.write(`kept ${this.dir}\n`);
    else rmSync(this.dir, { recursive: true, force: true });
  }
}

/**
 * What `log all` says of who saw what, replayed: the violations that the record
 * itself shows, found without the emulator's own counting.  -> { moments, most }:
 * every moment when a function or an address was on more than one bus, and how
 * many sights were replayed.
 */
export function replay(items, before = []) {
  const seen = new Map(before.map((f) => [`${f.slot}/${f.bridge}/${f.function}`, f]));
  const twice = [];
  let sights = 0;
  for (const i of items) {
    if (i.verb !== "seen" && i.verb !== "gone") continue;
    const f = i.functions?.[0];
    const key = `${i.slot}/${i.bridge}/${f}`;
    sights++;
    if (i.verb === "gone") {
      seen.delete(key);
      continue;
    }
    for (const other of seen.values())
      for (const [what, a, b] of [["function", f, other.function], ["mac", i.mac, other.mac], ["wwpn", i.wwpn, other.wwpn]])
        if (a && a === b) twice.push({ n: i.n, what, value: a, slots: [other.slot, i.slot] });
    seen.set(key, { slot: i.slot, bridge: i.bridge, function: f, mac: i.mac, wwpn: i.wwpn });
  }
  return { sights, twice, left: [...seen.values()] };
}

/** Entries of the emulator's log that ask for a change; a technician's hand is none of ours. */
export const changing = (items) => items.filter((i) => i.verb !== "hand");
