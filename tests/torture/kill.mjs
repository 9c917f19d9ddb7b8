// kill -9 at the nth call, n = 1, 2, ... until a move completes unharmed.
//
// strace is attached right before the move is asked for, so that the count
// begins there, and kills the process when it enters its nth call: nothing of
// that call happens.  Then the process is started again, as make run would.
// After every try:
//   - the job ended applied or rolledBack, and the servers see just that
//   - an answer that was given is true; what was not answered happened wholly
//     or not at all, and asking again with the same key does it once
//   - no violation was ever counted, every change acknowledged before is there
//   - a restart with nothing to do issues no changing verb
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { House, changing, until } from "../api/lib.mjs";
import { makeProfile, noViolation, onlyAt, slotOf } from "../api/scenario.mjs";

export const NEVER = 65_535;		// strace counts no further
const SLOTS = [3, 4];

/** Why processes cannot be traced here, or false. */
export function whyNoTrace() {
  const child = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"] });
  try {
    // Attached to a process that is not its own child, as below; ends by itself.
    const done = spawnSync("timeout", ["-s", "INT", "1", "strace", "-p", String(child.pid)], { encoding: "utf8" });
    if (done.error) return `strace cannot be run: ${done.error.code}`;
    return / attached/.test(done.stderr) ? false : `tracing is not permitted here: ${done.stderr.trim()}`;
  } finally {
    child.stdin.end();
  }
}

/** strace on a living process: it dies at its nth `call`, on one descriptor when `path` names it. */
export class Trap {
  constructor(house, process, call, n, path) {
    this.file = join(house.dir, "strace.out");
    rmSync(this.file, { force: true });
    this.said = "";
    this.child = spawn("strace", ["-f", "-p", String(process.pid), "-o", this.file, "-e", `trace=${call}`,
      "-e", `inject=${call}:signal=KILL:when=${n}`, ...(path ? ["-P", path] : [])], { stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr.on("data", (d) => { this.said += d; });
    this.ended = new Promise((ok) => this.child.on("exit", ok));
  }

  set() {
    return until(() => `strace attaches: ${this.said}`, () => {
      // It may have killed already: the process does not only work for us.
      if (/ attached/.test(this.said)) return true;
      assert.equal(this.child.exitCode, null, this.said);
      return false;
    });
  }

  /** Lets go; -> whether it killed, and how many calls it saw enter. */
  async release() {
    if (this.child.exitCode === null) this.child.kill("SIGINT");
    await this.ended;
    const lines = readFileSync(this.file, "utf8").split("\n");
    return {
      killed: lines.some((l) => /\+\+\+ killed by SIGKILL \+\+\+/.test(l)),
      calls: lines.filter((l) => /^\d+ +\w+\(/.test(l)).length,
    };
  }
}

/** The switch manager's connections to clients, as strace names descriptors. */
function clientsOf(house) {
  const accepted = readFileSync("/proc/net/unix", "utf8").split("\n")
    .filter((l) => l.endsWith(" switchmgr.sock")).map((l) => l.split(/\s+/))
    .filter((f) => f[5] === "03").map((f) => `socket:[${f[6]}]`);
  const dir = `/proc/${house.switchmgr.pid}/fd`;
  return readdirSync(dir).map((fd) => readlinkSync(join(dir, fd))).filter((l) => accepted.includes(l));
}

/** Its one client: polyrootd may have to come back first. */
const clientOf = (house) => until("the switch manager has a client", () => clientsOf(house)[0]);

/**
 * What can be killed.  `calls` of polyrootd's writer make changes durable; those
 * of the switch manager are its messages: killed when it would take one, and when
 * it would answer one that has taken effect.
 */
export const POINTS = {
  commit: { who: "polyrootd", call: "fdatasync", text: "polyrootd at its nth fdatasync" },
  write: { who: "polyrootd", call: "pwrite64", text: "polyrootd at its nth pwrite64" },
  ask: { who: "polyrootd", call: "sendto", text: "polyrootd at its nth message out" },
  take: { who: "switchmgr", call: "recvfrom", text: "polyroot-switchmgr at its nth message in" },
  answer: { who: "switchmgr", call: "sendto", text: "polyroot-switchmgr at its nth message out" },
};

class Tries {
  constructor(house, point, its) {
    Object.assign(this, { house, point, its, acknowledged: [], between: 0, tried: [] });
  }

  /** A change that is acknowledged before the try: it must outlive it. */
  async acknowledge() {
    const name = `ack-${this.acknowledged.length}`;
    await this.house.must(201, "POST", "/networks", { name, vlan: 1 + this.acknowledged.length });
    this.acknowledged.push(name);
  }

  async newest() {
    return Number((await this.house.must(200, "GET", "/jobs?limit=1")).items[0].id);
  }

  /** Starts again what died. */
  async revive() {
    const { house, point } = this;
    if (point.who === "switchmgr") return house.startSwitchmgr();
    await house.startPolyrootd();
    return house.ready();
  }

  /** One move with a kill at the nth call; -> whether it was unharmed, and the calls seen. */
  async once(n) {
    const { house, point } = this;
    const process = house[point.who];
    await this.acknowledge();
    const from = await slotOf(house, "web");
    const to = SLOTS.find((s) => s !== from);
    const before = await this.newest();
    const trap = new Trap(house, process, point.call, n, point.who === "switchmgr" ? await clientOf(house) : null);
    await trap.set();

    const key = randomUUID();
    const move = () => house.call("POST", "/profiles/web:move",
      { body: { slot: to }, headers: { "Idempotency-Key": key }, quiet: true });
    let died = null;
    const death = process.ended.then((how) => { died = { ...how, at: Date.now() }; });
    const answer = await move();
    if (answer.status !== 0) assert.equal(answer.status, 202, answer.text);
    let id = answer.headers.location?.split("/").at(-1);
    if (id) await Promise.race([death, this.ends(id, () => died)]);
    else await death;
    // It may have died only now, after the job's end.
    const { killed, calls } = await trap.release();
    if (killed) await death;
    if (died) {
      assert.equal(died.signal, "SIGKILL", process.said);
      await this.revive();
    }

    // What was not answered happened wholly or not at all.
    if (!id && (await this.newest()) !== before) id = String(await this.newest());
    const job = id ? await house.jobEnds(id) : null;
    assert.ok(!job || ["applied", "rolledBack"].includes(job.state), JSON.stringify(job));
    const inside = died && job && Date.parse(job.endedAt) >= died.at;
    this.between += inside ? 1 : 0;
    this.tried.push(`${n}:${died ? (job ? job.state : "notDone") : "unharmed"}${inside ? "*" : ""}`);

    const at = job?.state === "applied" ? to : from;
    assert.equal(await slotOf(house, "web"), at);
    await onlyAt(house, at, this.its);
    await noViolation(house);
    if (job) {
      // The same question again: the same job, and nothing is done twice.
      const again = await move();
      assert.equal(again.headers.location?.split("/").at(-1), id, again.text);
      assert.equal(await this.newest(), Number(id));
    }
    await this.kept();
    return { unharmed: !died, calls };
  }

  async ends(id, stopped) {
    while (!stopped()) {
      const { status, body } = await this.house.get(`/jobs/${id}?wait=5`, { quiet: true });
      if (status === 200 && ["applied", "rolledBack", "rollbackFailed"].includes(body.state)) return;
    }
  }

  async kept() {
    const names = new Set((await this.house.must(200, "GET", "/networks?limit=4096")).items.map((o) => o.name));
    assert.deepEqual(this.acknowledged.filter((a) => !names.has(a)), [], "acknowledged, and gone");
  }

  /** A restart with nothing to do: the log stays empty. */
  async idleRestart() {
    const { house } = this;
    await house.ctl("log", "clear");
    await house.polyrootd.kill("SIGKILL");
    await house.startPolyrootd();
    await house.ready();
    // The engine has had its turn when it has done the rest of a change of ours.
    await this.acknowledge();
    await until("the slot is shown bound", async () => {
      const slot = await house.must(200, "GET", `/slots/${await slotOf(house, "web")}`);
      return slot.state === "bound" && slot.devices.every((d) => d.state === "bound");
    });
    assert.deepEqual(changing((await house.ctl("log")).items), []);
  }
}

/** Points to try out of `total`: all, or `most` that lie evenly, the first and the last among them. */
export function spread(total, most) {
  if (total <= most) return Array.from({ length: total }, (_, i) => i + 1);
  return [...new Set(Array.from({ length: most }, (_, i) => 1 + Math.round((i * (total - 1)) / (most - 1))))];
}

/**
 * Declares the tests of some points.  most: tries of each at most, before the
 * end is looked for; least: so many must lie between the job's first intent and
 * its outcome.
 */
export function killTests(names, { most, least, fuse = false }) {
  let house, its;

  before(async () => {
    // A server acknowledges soon, so that a try is short.
    house = await new House({ name: "kill", fuse, edit: (c) => { c.ackMs = 20; } }).start();
    its = await makeProfile(house, "web");
    await house.applied("POST", "/profiles/web:assign", { slot: SLOTS[0] });
  });
  after(() => house?.stop());

  for (const name of names) {
    const point = POINTS[name];
    test(point.text, async (t) => {
      const tries = new Tries(house, point, its);
      tries.acknowledged = house.acknowledged ??= [];
      const { calls } = await tries.once(NEVER);	// how many points there are
      assert.ok(calls > 0, `no ${point.call} was seen during a move`);
      try {
        // Few points: once more from the other slot, until enough lay inside.
        for (let pass = 0; pass === 0 || (tries.between < least && pass < least); pass++)
          for (const n of spread(calls, most)) {
            await tries.once(n);
            await tries.idleRestart();
          }
        for (let n = calls + 1; !(await tries.once(n)).unharmed; n++);
      } finally {
        t.diagnostic(`${calls} calls in a move; n:outcome, * between intent and outcome: ${tries.tried.join(" ")}`);
      }
      assert.ok(tries.between >= least,
        `${tries.between} of ${tries.tried.length} kills lay between intent and outcome`);
    });
  }
}
