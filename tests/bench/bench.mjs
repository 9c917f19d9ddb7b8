// How fast, as ratios within one run.  See tests/bench/run.
//
// Every number stands beside one that was taken a moment before and a moment
// after on the same machine, because machines differ and so do moments.  What is
// printed: the median of the rounds' ratios, the lowest and the highest, the bar
// of the design, and whether it is met.  Nothing here fails because it is slow.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { corpus, largest } from "../api/hostile.mjs";
import { House, objects, until } from "../api/lib.mjs";

const run = promisify(execFile);
const here = join(objects, "bench");
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const RAW_MS = 600;
const only = (process.env.ONLY ?? "").split(/\s+/).filter(Boolean);
const rows = [];
const before = loadavg()[0];	// of the machine, before we load it

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const fixed = (x, n = 2) => x.toFixed(n);
const spread = (list, n = 2) => `${fixed(Math.min(...list), n)}–${fixed(Math.max(...list), n)}`;

function row(work, measured, range, bar, met, note = "") {
  rows.push({ work, measured, range, bar, met: met === null ? "–" : met ? "met" : "not yet", note });
  process.stderr.write(`  ${work}: ${measured} (${range}), bar ${bar}; ${note}\n`);
}

async function raw(house, ms = RAW_MS) {
  const { stdout } = await run(join(here, "raw_sqlite"), [join(house.dir, "raw.db"), String(ms)]);
  return JSON.parse(stdout).perSecond;
}

async function load(house, clients, ...args) {
  const { stdout } = await run(join(here, "load"),
    [house.port, "cert.pem", house.token, clients, ...args].map(String), { cwd: house.dir });
  return JSON.parse(stdout);
}

const newHouse = (options) => new House({ name: "bench", under: here, ...options }).start();

// ---- durable changes against raw commits ----

// How many requests a round takes: about a second each.
const CHANGES = [
  { clients: 1, profiles: 200, bar: 0.4 },
  { clients: 16, profiles: 800, bar: 1.5 },
  { clients: 64, profiles: 1200, bar: 2 },
];
const PER = 8;			// vNICs that one profile is given

/** One round, on a store of its own: the default pool has 65,536 MACs. */
async function changesRound(tell) {
  const house = await newHouse();
  try {
    await house.must(201, "POST", "/networks", { name: "bench", vlan: 7 });
    await raw(house, 100);
    let first = 0;
    for (const [i, c] of CHANGES.entries()) {
      await load(house, c.clients, "profiles", first, c.profiles);
      const before = await raw(house);
      const { perSecond } = await load(house, c.clients, "vnics", first, c.profiles, PER);
      const after = await raw(house);
      first += c.profiles;
      tell(i, perSecond, before, after);
    }
  } finally {
    await house.stop();
  }
}

async function changes() {
  const ratios = CHANGES.map(() => []), rates = CHANGES.map(() => []), raws = [];
  for (let round = 0; round < ROUNDS; round++)
    await changesRound((i, rate, before, after) => {
      raws.push(before, after);
      rates[i].push(rate);
      ratios[i].push(rate / ((before + after) / 2));
    });
  CHANGES.forEach((c, i) => row(`durable change, ${c.clients} client${c.clients > 1 ? "s" : ""}`,
    `${fixed(median(ratios[i]))} ×`, spread(ratios[i]), `≥ ${c.bar} ×`, median(ratios[i]) >= c.bar,
    `${fixed(median(rates[i]), 0)}/s, raw SQLite ${fixed(median(raws), 0)}/s (${spread(raws, 0)})`));
}

// ---- one address among many ----

/** In the store: no process, no socket.  Each round fills a ledger of its own. */
async function find() {
  const p99 = [], others = { last: [], first: [], middle: [] };
  let seconds;
  for (let round = 0; round < Math.min(ROUNDS, 3); round++) {
    const dir = mkdtempSync(join(here, "find-"));
    try {
      const { stdout } = await run(join(here, "find"), [dir]);
      const got = JSON.parse(stdout);
      p99.push(got.whole.p99us / 1e3);
      for (const [part, list] of Object.entries(others)) list.push(got[part].p99us / 1e3);
      seconds = got.fillSeconds;
    } finally {
      rmSync(dir, { recursive: true });
    }
  }
  row("find one MAC among 10^6 ledger rows, p99 in the store", `${fixed(median(p99), 3)} ms`, spread(p99, 3), "≤ 1 ms",
    median(p99) <= 1, `${Object.entries(others).map(([part, list]) => `${part} digits ${fixed(median(list))} ms`).join(", ")}; filled in ${seconds} s`);
}

// ---- a list against nginx ----

async function freePort() {
  const server = createServer();
  await new Promise((ok) => server.listen(0, "127.0.0.1", ok));
  const { port } = server.address();
  await new Promise((ok) => server.close(ok));
  return port;
}

async function startNginx(house, bytes) {
  const root = join(house.dir, "nginx");
  const port = await freePort();
  mkdirSync(root, { mode: 0o755 });
  writeFileSync(join(root, "functions.json"), bytes);
  writeFileSync(join(root, "nginx.conf"), `
daemon off; worker_processes 1; pid ${root}/pid; error_log stderr;
${process.getuid() === 0 ? "user root;" : ""}
events { worker_connections 256; }
http {
  access_log off; types { application/json json; }
  client_body_temp_path ${root}/a; proxy_temp_path ${root}/b; fastcgi_temp_path ${root}/c;
  uwsgi_temp_path ${root}/d; scgi_temp_path ${root}/e;
  keepalive_requests 100000000; open_file_cache max=16;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${house.dir}/cert.pem; ssl_certificate_key ${house.dir}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    root ${root};
  }
}
`);
  const child = spawn("nginx", ["-p", root, "-c", join(root, "nginx.conf")],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` } });
  let said = "";
  child.stderr.on("data", (d) => { said += d; });
  const ended = new Promise((ok) => child.on("exit", ok));
  await until(() => `nginx: ${said}`, async () => {
    try {
      await run("curl", ["-fsk", "-o", "/dev/null", `https://127.0.0.1:${port}/functions.json`]);
      return true;
    } catch {
      assert.equal(child.exitCode, null, said);
      return false;
    }
  });
  return { url: `https://127.0.0.1:${port}/functions.json`, stop: () => { child.kill("SIGQUIT"); return ended; } };
}

async function wrk(url, token) {
  const { stdout } = await run("wrk", ["-t1", "-c16", "-d2s", "-H", `Authorization: Bearer ${token}`,
    "-H", "Accept: application/json", url]);
  assert.doesNotMatch(stdout, /Non-2xx|Socket errors/, stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
}

async function list() {
  const house = await newHouse({ chassis: "rack-64" });
  let nginx;
  try {
    const path = "/functions?limit=1024";
    const { text, body } = await house.get(path);
    assert.equal(body.items.length, 1024);
    nginx = await startNginx(house, text);
    const ours = [], theirs = [], ratios = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await wrk(nginx.url, house.token));
      ours.push(await wrk(`https://127.0.0.1:${house.port}/api/v1${path}`, house.token));
      ratios.push(ours.at(-1) / theirs.at(-1));
    }
    row("list 1,024 functions", `${fixed(median(ratios))} ×`, spread(ratios), "≥ 0.5 ×", median(ratios) >= 0.5,
      `${fixed(median(ours), 0)}/s, nginx ${fixed(median(theirs), 0)}/s, ${text.length} bytes`);
  } finally {
    await nginx?.stop();
    await house.stop();
  }
}

// ---- the controller's share of a bind ----

const BINDS = 20;

/** Milliseconds that the switch itself took for the orders of each assignment. */
function switchShare(items) {
  const spent = [];
  for (const bind of items.filter((i) => i.verb === "bind")) {
    const prepare = items.filter((i) => i.verb === "prepare" && i.n < bind.n).at(-1);
    spent.push([prepare, bind].reduce((ms, i) => ms + (i?.endMs === undefined ? 0 : i.endMs - i.ms), 0));
  }
  return spent;
}

async function bind() {
  const house = await newHouse({ edit: (c) => { c.ackMs = 1; } });
  try {
    await house.must(201, "POST", "/networks", { name: "bench", vlan: 7 });
    await house.must(201, "POST", "/profiles", { name: "one" });
    await house.must(201, "POST", "/profiles/one/vnics", { name: "net0", networks: ["bench"], mac: "pool" });
    const own = [], bars = [], commits = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await raw(house);
      await house.ctl("log", "clear");
      const { p50us } = await load(house, 1, "binds", "one", 3, BINDS);
      const { items } = await house.ctl("log");
      const commit = 2e3 / (before + await raw(house));	// ms
      const spent = switchShare(items);
      assert.equal(spent.length, BINDS);
      own.push(p50us / 1e3 - median(spent));
      bars.push(3 * commit + 1);
      commits.push((own.at(-1) - 1) / commit);
    }
    row("bind, controller's own share", `${fixed(median(own))} ms`, spread(own),
      `≤ 3 commits + 1 ms = ${fixed(median(bars))} ms`, median(own) <= median(bars),
      `${fixed(median(commits), 1)} commits + 1 ms; as its client sees it`);
  } finally {
    await house.stop();
  }
}

// ---- a profile moved to a spare ----

const STEP_MS = 50;

/**
 * What the switch needs at least: a device's orders follow one another, and only
 * so many are under way at once.
 */
function longestChain(items, devices, parallel) {
  const times = (verb) => items.filter((i) => i.verb === verb && i.endMs !== undefined).map((i) => i.endMs - i.ms);
  const chain = ["unbind", "scrub", "prepare", "bind"].map((verb) => {
    assert.equal(times(verb).length, devices, verb);
    return median(times(verb));
  });
  return Math.ceil(devices / parallel) * chain.reduce((sum, ms) => sum + ms, 0);
}

async function move() {
  const house = await newHouse();
  try {
    for (const verb of ["prepare", "bind", "scrub"]) await house.ctl("delay", verb, STEP_MS);
    await house.must(201, "POST", "/networks", { name: "bench", vlan: 7 });
    await house.must(201, "POST", "/profiles", { name: "heavy" });
    for (let i = 0; i < 32; i++)
      await house.must(201, "POST", "/profiles/heavy/vnics", { name: `net${i}`, networks: ["bench"], mac: "pool" });
    await house.applied("POST", "/profiles/heavy:assign", { slot: 1 });
    const { parallel } = JSON.parse(readFileSync(house.file));
    const ratios = [], took = [];
    for (let round = 0; round < ROUNDS; round++) {
      const slot = round % 2 === 0 ? 2 : 1;
      await house.ctl("log", "clear");
      const start = performance.now();
      await house.applied("POST", "/profiles/heavy:move", { slot });
      took.push(performance.now() - start);
      ratios.push(took.at(-1) / longestChain((await house.ctl("log")).items, 32, parallel));
    }
    row("move 32 devices to another slot", `${fixed(median(ratios))} ×`, spread(ratios), "≤ 1.2 ×",
      median(ratios) <= 1.2, `${fixed(median(took), 0)} ms; every verb takes ${STEP_MS} ms, an orderly release 200 ms, ${parallel} at once`);
  } finally {
    await house.stop();
  }
}

// ---- memory at rest ----

async function fill(house) {
  const kinds = { ethernet: 0, "fibre-channel": 0, raid: 0 };
  for (const m of (await house.must(200, "GET", "/modules")).items) kinds[m.class] += m.functions.max;
  const slots = (await house.must(200, "GET", "/slots")).items.length;
  const vda = kinds.raid >= slots ? 1 : 0;
  const vnic = Math.min(31, Math.floor(kinds.ethernet / slots));
  const vhba = Math.min(32 - vnic - vda, Math.floor(kinds["fibre-channel"] / slots));
  await house.must(201, "POST", "/networks", { name: "bench", vlan: 7 });
  await house.must(201, "POST", "/sans", { name: "bench" });
  for (let s = 1; s <= slots; s++) {
    const p = `/profiles/s${s}`;
    await house.must(201, "POST", "/profiles", { name: `s${s}` });
    for (let i = 0; i < vnic; i++)
      await house.must(201, "POST", `${p}/vnics`, { name: `net${i}`, networks: ["bench"], mac: "pool" });
    for (let i = 0; i < vhba; i++) await house.must(201, "POST", `${p}/vhbas`, { name: `fc${i}`, san: "bench" });
    if (vda) await house.must(201, "POST", `${p}/vdas`, { name: "das0", virtualDisks: [{ name: "d", raid: "RAID1", capacityMiB: 1024 }] });
    await house.applied("POST", `${p}:assign`, { slot: s });
  }
  return slots * (vnic + vhba + vda);
}

const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

async function rss() {
  const house = await newHouse({ edit: (c) => { c.ackMs = 1; } });
  try {
    const devices = await fill(house);
    const filled = rssOf(house.polyrootd.pid);
    await house.polyrootd.kill("SIGTERM");
    await house.startPolyrootd();
    await house.ready();
    assert.equal((await house.must(200, "GET", "/slots")).items.filter((s) => s.state === "bound").length, 16);
    const rest = rssOf(house.polyrootd.pid);
    row("memory at rest, fully bound", `${fixed(filled, 1)} MiB`, "–", "≤ 24 MiB", filled <= 24,
      `${devices} devices; ${fixed(rest, 1)} MiB after a restart; switch manager ${fixed(rssOf(house.switchmgr.pid), 1)} MiB`);
  } finally {
    await house.stop();
  }
}

// ---- the browser's first load ----

async function webui() {
  const house = await newHouse();
  try {
    const page = await house.call("GET", "/", { root: true, token: null, headers: { Accept: "text/html" } });
    assert.equal(page.status, 200);
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((m) => m[1]);
    assert.ok(parts.length >= 2, page.text);
    let bytes = 0;
    for (const part of parts) {
      const answer = await run("curl", ["-fsk", "-H", "Accept-Encoding: gzip", "-o", join(house.dir, "part"), "-w", "%{size_download}",
        new URL(part, `https://127.0.0.1:${house.port}/`).href]);
      bytes += Math.min(Number(answer.stdout), gzipSync(readFileSync(join(house.dir, "part"))).length);
    }
    row("UI first load, script and style", `${fixed(bytes / 1000, 1)} kB gz`, "–", "≤ 40 kB", bytes <= 40_000, parts.join(", "));
  } finally {
    await house.stop();
  }
}

// ---- everything that is wanted, out and planned in again ----

async function documents() {
  const house = await newHouse({ edit: (c) => { c.ackMs = 1; } });
  try {
    const devices = await fill(house);
    const headers = { Accept: "application/xml" }, type = "application/xml";
    const time = async (work) => {
      const from = performance.now();
      const r = await work();
      return [performance.now() - from, r];
    };
    const out = [], same = [], other = [];
    let bytes = 0;
    for (let round = 0; round < Math.max(ROUNDS, 5); round++) {
      const [ms, { status, text }] = await time(() => house.get("/config", { headers }));
      assert.equal(status, 200);
      bytes = text.length;
      out.push(ms);
      for (const [list, doc] of [[same, text], [other, text.replaceAll(/mtu="1500"/g, 'mtu="1400"')]]) {
        const [took, r] = await time(() => house.post("/imports?mode=replace&scope=all&dryRun=true", doc, { type }));
        assert.ok(r.status < 300, r.text);
        assert.equal(r.body.plan.diff.length === 0, list === same);
        list.push(took);
      }
    }
    const note = `${devices} devices, 16 slots, ${fixed(bytes / 1e3, 0)} kB`;
    row("export all as XML", `${fixed(median(out), 1)} ms`, spread(out, 1), "≤ 50 ms", median(out) <= 50, note);
    row("import plan of the same", `${fixed(median(same), 1)} ms`, spread(same, 1), "≤ 250 ms", median(same) <= 250, "changes nothing");
    row("import plan, every vNIC differs", `${fixed(median(other), 1)} ms`, spread(other, 1), "≤ 250 ms", median(other) <= 250, note);
  } finally {
    await house.stop();
  }
}

// ---- a small box and a large one ----

/** Milliseconds of processor that polyrootd has had. */
const spent = (house) => readFileSync(`/proc/${house.polyrootd.pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11, 13)
  .reduce((sum, ticks) => sum + Number(ticks), 0) * 10;

/** Of planning `per` vNICs at each slot, so many times: processor for one function of the box. */
async function perFunction(chassis, slots, per, rounds) {
  const house = await newHouse({ chassis });
  try {
    let at = 0;
    const doc = largest(slots, per).replaceAll("</profile>", () => `<assignment slot="${++at}"/></profile>`);
    const { items } = await house.must(200, "GET", "/functions?limit=4096");
    let functions = items.length;
    for (let next = items.at(-1)?.id; functions % 4096 === 0 && next;) {
      const page = (await house.must(200, "GET", `/functions?limit=4096&after=${next}`)).items;
      functions += page.length;
      next = page.at(-1)?.id;
      if (page.length < 4096) break;
    }
    const before = spent(house);
    for (let round = 0; round < rounds; round++) {
      const r = await house.post("/imports?mode=merge&dryRun=true", doc, { type: "application/xml" });
      assert.equal(r.body.plan?.applicable, true, r.text.slice(0, 2000));
    }
    return { functions, devices: slots * per, us: (spent(house) - before) * 1000 / rounds / functions };
  } finally {
    await house.stop();
  }
}

async function scale() {
  const ratios = [];
  let small, large;
  for (let round = 0; round < 3; round++) {
    small = await perFunction("vio-4001", 16, 13, 20);
    large = await perFunction("dc-1024", 1024, 6, 2);
    ratios.push(large.us / small.us);
  }
  row("plan, processor for one function, dc-1024 against vio-4001", `${fixed(median(ratios))} ×`, spread(ratios), "≤ 1 ×", median(ratios) <= 1,
    `${large.devices} devices of ${large.functions} functions ${fixed(large.us, 0)} µs each, ${small.devices} of ${small.functions} ${fixed(small.us, 0)} µs`);
}

// ---- documents that mean harm ----

/** From the first byte sent to the refusal, TLS and all. */
async function hostile() {
  const house = await newHouse();
  try {
    const { bytes } = corpus({ file: "/", port: 9 }).find((d) => d.name.startsWith("50,000 attributes"));
    const took = [];
    for (let round = 0; round < Math.max(ROUNDS, 5); round++) {
      const from = performance.now();
      const { status } = await house.post("/imports?mode=merge", bytes, { type: "application/xml" });
      took.push(performance.now() - from);
      assert.equal(status, 400);
    }
    row("refuse 50,000 attributes", `${fixed(median(took), 1)} ms`, spread(took, 1), "≤ 50 ms", median(took) <= 50,
      `${fixed(bytes.length / 1e6, 1)} MB`);
  } finally {
    await house.stop();
  }
}

// ---- the table ----

function table() {
  const head = { work: "work", measured: "measured", range: "range", bar: "bar", met: "", note: "for the record" };
  const width = (k) => Math.max(...[head, ...rows].map((r) => r[k].length));
  const line = (r) => ["work", "measured", "range", "bar", "met"].map((k) => r[k].padEnd(width(k))).concat(r.note).join("  ").trimEnd();
  console.log(`\n${cpus().length} × ${cpus()[0].model.trim()}, ${fixed(totalmem() / 2 ** 30, 0)} GiB, node ${process.version}, ${ROUNDS} rounds\n`);
  for (const r of [head, ...rows]) console.log(line(r));
  if (before > 0.5) console.log(`\nThe machine was busy before (load ${fixed(before)}): a commit waits for the disk of others,\n` +
    "so ratios against it flatter us.  Measure again on an idle machine before believing them.");
}

const parts = { changes, find, list, bind, move, rss, webui, documents, scale, hostile };
let failed = 0;
for (const [name, part] of Object.entries(parts)) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stderr.write(`== ${name}\n`);
  try {
    await part();
  } catch (e) {
    failed = 1;
    process.stderr.write(`${name}: ${e.stack}\n${e.stderr ?? ""}\n`);
  }
}
table();
rmSync(join(here, "part"), { force: true });
process.exitCode = failed;
