// Some of the fault product (tests/sim/product.h) on the real processes: a move
// there and back, each time with another fault at another of its steps.  What
// comes with the nth step comes by the emulator's own count (`at N`).
// Whatever goes wrong once: the job ends applied or rolledBack, the server that
// should have it sees all of it and nobody else any, nothing reaches the slot of
// another profile, and no violation is counted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House, until } from "../api/lib.mjs";
import { makeProfile, noViolation, slotOf } from "../api/scenario.mjs";

const [HERE, THERE, OTHER] = [3, 4, 7];
const DELAY = 20, BACK = 500;
const VERBS = ["prepare", "bind", "unbind", "scrub"];

/** What goes wrong, with that step (`verb`), and whether it takes something from everybody. */
export const WRONGS = {
  "error before": { fault: "error before" },
  "error after": { fault: "error after" },
  "late before": { fault: "late before" },
  "late after": { fault: "late after" },
  "time-out before": { fault: "timeout before", slow: true },
  "time-out after": { fault: "timeout after", slow: true },
  "duplicate event": { hand: "fault event duplicate" },
  "lost event": { hand: "fault event lose" },
  "event overflow": { hand: "fault event overflow" },
  "cable of the source": { hand: (h) => `unplug slot ${h.from}`, back: (h) => `plug slot ${h.from} ${h.serial[h.from]}` },
  "cable of the target": { hand: (h) => `unplug slot ${h.to}`, back: (h) => `plug slot ${h.to} ${h.serial[h.to]}` },
  "card pulled": { hand: () => "pull bay 1", back: (h) => `insert bay 1 ${h.card}`, all: true },
  "power cut": { hand: "reset", all: true },
};

const said = (line, h) => (typeof line === "function" ? line(h) : line);
// Where a server sees something is its own affair; what it sees is not.
const what = ({ functions }) => functions.map(({ mac, wwpn, disks, boot, vlans }) =>
  JSON.stringify({ mac, wwpn, disks, boot, vlans })).sort();

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class Stage {
  async set(name) {
    this.house = await new House({ name }).start();
    await makeProfile(this.house, "db");
    await makeProfile(this.house, "other");
    await this.house.applied("POST", "/profiles/db:assign", { slot: HERE });
    await this.house.applied("POST", "/profiles/other:assign", { slot: OTHER });
    for (const v of VERBS) await this.house.ctl("delay", v, DELAY);
    this.serial = {};
    for (const n of [HERE, THERE]) this.serial[n] = (await this.house.server(n)).serial;
    const card = (await this.house.ctl("chassis")).bays[0].module;
    this.card = `${card.model} ${card.serial}`;
    this.want = what(await this.house.server(HERE));
    assert.equal(this.want.length, 3);
    this.others = (await this.house.server(OTHER)).functions.map((f) => f.function);
    await this.house.ctl("log", "clear");
    await this.#move();
    // Time-outs aside, the steps are the same each time.
    this.steps = (await this.house.ctl("log")).items.map((i) => i.verb);
    assert.ok(this.steps.length >= 12, `${this.steps}`);
  }

  async #move() {
    this.from = await slotOf(this.house, "db");
    this.to = this.from === HERE ? THERE : HERE;
    const r = await this.house.post("/profiles/db:move?confirm=ServerRunning", { slot: this.to });
    assert.equal(r.status, 202, r.text);
    return this.house.jobEnds(r.headers.location.split("/").at(-1), 300_000);
  }

  async #arm(step, wrong) {
    this.from = await slotOf(this.house, "db");
    this.to = this.from === HERE ? THERE : HERE;
    await this.house.ctl("log", "clear");
    const line = wrong.fault ? `fault ${this.steps[step - 1]} ${wrong.fault}` : said(wrong.hand, this);
    const at = wrong.fault ? step - 1 : step;
    await this.house.ctl(...(at > 0 ? ["at", at] : []), ...line.split(" "));
    if (wrong.back) await this.house.ctl("at", step, "in", BACK, ...said(wrong.back, this).split(" "));
  }

  async #untouched() {
    const { items } = await this.house.ctl("log");
    const bad = items.filter((i) => i.verb !== "hand" &&
      (i.slot === OTHER || i.functions?.some((f) => this.others.includes(f))));
    assert.deepEqual(bad, []);
  }

  /** -> how the job ended. */
  async play(step, wrong) {
    const { house } = this;
    await this.#arm(step, wrong);
    const job = await this.#move();
    assert.ok(["applied", "rolledBack"].includes(job.state), JSON.stringify(job));
    for (const v of VERBS) await house.ctl("fault", v, "none");
    const slot = await slotOf(house, "db");
    assert.equal(slot, job.state === "applied" ? this.to : this.from);
    let seen;
    await until(() => `slot ${slot} has all, and nobody else: ${JSON.stringify(seen)}`, async () => {
      seen = { later: (await house.ctl("chassis")).later, here: what(await house.server(slot)),
        there: what(await house.server(slot === HERE ? THERE : HERE)),
        states: [...new Set((await house.must(200, "GET", "/bindings")).items.map((b) => b.state))] };
      return same(seen, { later: [], here: this.want, there: [], states: ["bound"] });
    }, 60_000);
    await noViolation(house);
    if (!wrong.all) await this.#untouched();
    return job.state;
  }
}

/** `cases` of them, spread over steps and faults; slow ones wait for a deadline of a minute. */
export function productTests(name, { cases, slow }) {
  const stage = new Stage();
  before(() => stage.set(name));
  after(() => stage.house?.stop());
  const names = Object.keys(WRONGS).filter((n) => slow || !WRONGS[n].slow);
  const ends = {};
  for (let i = 0; i < cases; i++) {
    const wrong = names[i % names.length];
    test(`${i + 1}: ${wrong}`, async (t) => {
      const step = 1 + (i * 7) % stage.steps.length;
      const end = await stage.play(step, WRONGS[wrong]);
      ends[end] = (ends[end] ?? 0) + 1;
      t.diagnostic(`step ${step} (${stage.steps[step - 1]}): ${end}`);
    });
  }
  test("all of them ended", (t) => {
    t.diagnostic(`${cases} cases: ${JSON.stringify(ends)}`);
    assert.equal(Object.values(ends).reduce((a, b) => a + b, 0), cases);
  });
}
