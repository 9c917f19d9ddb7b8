// Every row that breaks a rule, sent to the real daemon: that code, that place, a
// 4xx, and nothing changed.  The rows are those of tests/unit/support_rules.c.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { House, program, top, until } from "./lib.mjs";

const scratch = mkdtempSync(join(tmpdir(), "polyroot-rows-"));
const made = spawnSync(program("tests/unit/test_rules"), { cwd: top, env: { ...process.env, RULES_ROWS: join(scratch, "rows.json") } });
assert.equal(made.status, 0, `test_rules: ${made.error ?? made.stderr}`);
const { desk, rows } = JSON.parse(readFileSync(join(scratch, "rows.json"), "utf8"));

/** "POST /networks?x=y {…}" -> its parts. */
function parse(text) {
  const [, method, path, query, body] = /^(\S+) ([^\s?]+)\??(\S*)\s*(.*)$/s.exec(text);
  return { method, path, query, body: body === "" ? undefined : JSON.parse(body) };
}

/** The box of the desk: four bridges, those addresses, a RAID card that lacks a level. */
function likeTheDesk(json) {
  json.bridges = 4;
  json.bays[0].card.address = "00:1B:21:00:00:01";
}
const capabilities = join(scratch, "capabilities");
cpSync(join(top, "capabilities"), capabilities, { recursive: true });
const raid = JSON.parse(readFileSync(join(capabilities, "1000-0079.json"), "utf8"));
raid.raid.pop();
writeFileSync(join(capabilities, "1000-0079.json"), JSON.stringify(raid));

describe("rules", () => {
  let house, codes;
  const pulled = [];
  const full = []; // slots whose servers have no room for more
  before(async () => {
    house = new House({ name: "rules", chassis: "lab-4", edit: likeTheDesk });
    await house.startEmulator();
    await house.startSwitchmgr();
    await house.startPolyrootd(["--capabilities", capabilities]);
    await house.ready();
    codes = (await house.must(200, "GET", "/openapi.json"))["x-rules"];
  });
  after(async () => {
    await house?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;
  const send = ({ method, path, query, body }, more = "") => {
    const q = [query, more].filter(Boolean).join("&");
    return house.call(method, q ? `${path}?${q}` : path, { body });
  };

  /** Whatever job an answer names has ended. */
  async function settled(r) {
    const id = r.headers.location?.match(/\/jobs\/(\d+)$/)?.[1];
    if (id) assert.equal((await house.jobEnds(id)).state, "applied");
  }

  async function occupied(bay, is) {
    await until(`io${bay}`, async () => (await house.must(200, "GET", `/bays/${bay}`)).occupied === is);
  }

  /** How many bus numbers the server of a slot keeps. */
  async function room(slot, buses) {
    await until(`slot ${slot}`, async () => (await house.must(200, "GET", `/slots/${slot}`)).hotplug.reservedBuses === buses);
  }

  async function prepare(text) {
    if (text.startsWith("PULL ")) {
      const bay = Number(text.slice(5));
      pulled.push({ bay, module: (await house.must(200, "GET", `/modules/io${bay}`)) });
      await house.ctl("pull", "bay", bay);
      return occupied(bay, false);
    }
    if (text.startsWith("NOROOM ")) {
      const slot = Number(text.slice(7));
      full.push(slot);
      await house.ctl("hotplug", "slot", slot, "on", 0, 0);
      return room(slot, 0);
    }
    // What an earlier row gave up still rests.
    const sent = parse(text), confirmed = sent.query.includes("confirm=");
    const r = await send(sent, confirmed ? "" : "confirm=IdentityQuarantined");
    assert.ok(r.status < 300, `${text}: ${r.status} ${r.text}`);
    return settled(r);
  }

  /** As at the first start, by one plan. */
  async function clear() {
    for (const { bay, module } of pulled.splice(0)) {
      await house.ctl("insert", "bay", bay, module.model, module.serial);
      await occupied(bay, true);
    }
    for (const slot of full.splice(0)) {
      await house.ctl("hotplug", "slot", slot, "on", 64, 1024);
      await room(slot, 64);
    }
    const all = async (path) => (await house.must(200, "GET", path)).items;
    const changes = [];
    for (const path of ["/profiles", "/networks", "/sans", "/pools", "/qosClasses"])
      for (const o of await all(path))
        if (!(path === "/pools" && o.default)) changes.push({ method: "DELETE", path: `${path}/${o.id}` });
    for (const s of await all("/slots"))
      changes.push({ method: "PATCH", path: `/slots/${s.number}`, body: { adminState: "enabled", isSpare: false } });
    for (const p of await all("/ports"))
      if (p.reservePct) changes.push({ method: "PATCH", path: `/ports/${p.name}`, body: { reservePct: 0 } });
    const plan = await house.must(201, "POST", "/plans", { changes });
    assert.equal(plan.applicable, true, JSON.stringify(plan.checks));
    const confirm = plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    await settled(await house.post(`/plans/${plan.id}:apply`, { confirm }));
  }

  const found = (list, row) => list.find((v) => v.code === row.code && (row.where === null || v.pointer === row.where));

  afterEach(clear);
  rows.forEach((row, n) => test(`${n} ${row.code}: ${row.bad}`, async () => {
    for (const text of [...desk, ...row.setup]) await prepare(text);
    const before = await generation();
    const sent = parse(row.bad);
    if (row.severity === "W") {
      const plan = await send(sent, "dryRun=true");
      assert.equal(plan.status, 200, plan.text);
      assert.ok(found(plan.body.checks, row), JSON.stringify(plan.body.checks));
    } else {
      const r = await send(sent);
      assert.equal(r.status, row.severity === "B" ? 422 : 409, r.text);
      const said = found(r.body.errors, row);
      assert.ok(said, `${row.code} at ${row.where} in ${r.text}`);
      assert.equal(said.severity, row.severity);
      // The remedy is the one that the API's own description gives.
      assert.equal(said.remedy, codes.find((c) => c.code === row.code).remedy);
    }
    assert.equal(await generation(), before);
  }));
});
