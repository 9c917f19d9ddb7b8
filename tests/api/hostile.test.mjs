// Documents that mean harm, sent to a real appliance: each is refused with its
// code, in bounded memory, and nothing is opened on its way.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, until } from "./lib.mjs";
import { corpus, largest, truncations } from "./hostile.mjs";

const XML = { type: "application/xml" };
const noStrace = spawnSync("strace", ["-V"]).error ? "there is no strace" : false;
const status = (pid, key) => new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
const MiB = 1024;		// in the kB of /proc
const PASSPHRASE = "correct-horse-battery";
const CANARY = "what a reader must not read";

describe("hostile documents", () => {
  let house, documents, listener, reader, good, connections = 0;
  const up = (bytes, options) => house.post("/imports?mode=merge", bytes, { ...XML, ...options });
  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;
  const unharmed = async () => {
    assert.ok(house.polyrootd.lives && house.switchmgr.lives);
    assert.equal((await house.get("/healthz", { root: true })).status, 200);
    const r = await up(good);
    assert.equal(r.status, 201, r.text);
  };

  before(async () => {
    listener = createServer(() => connections++);
    await new Promise((ok) => listener.listen(0, "127.0.0.1", ok));
    house = await new House({ name: "hostile" }).start();
    writeFileSync(join(house.dir, "canary"), CANARY);
    documents = corpus({ file: join(house.dir, "canary"), port: listener.address().port });
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/profiles", { name: "web", description: "a  <b> & ä" });
    for (let i = 0; i < 4; i++)
      await house.must(201, "POST", "/profiles/web/vnics", { name: `n${i}`, networks: ["prod"], mac: "pool" });
    good = (await house.get("/profiles/web", { headers: { Accept: "application/xml" } })).text;
    reader = readdirSync("/proc").filter((p) => /^\d+$/.test(p)).map(Number).find((p) => {
      try {
        return readFileSync(`/proc/${p}/comm`, "utf8").trim() === "polyroot-xml" &&
          Number(status(p, "PPid")) === house.polyrootd.pid;
      } catch {
        return false;
      }
    });
    assert.ok(reader, "polyrootd has a reader");
  });
  after(async () => {
    await house?.stop();
    listener?.close();
  });

  test("the corpus has 60 documents or more, no two alike", (t) => {
    assert.ok(documents.length >= 60);
    assert.equal(new Set(documents.map((d) => d.name)).size, documents.length);
    assert.equal(new Set(documents.map((d) => d.bytes.toString("base64"))).size, documents.length);
    t.diagnostic(`${documents.length} documents`);
  });

  // What is asked of the kernel while documents are read, told by strace; without
  // it, the filter that would have killed who asks.
  test("each is refused with its code; nothing is opened, fetched or kept", async (t) => {
    const before = await generation();
    const peak = Number(status(house.polyrootd.pid, "VmHWM"));
    const log = join(house.dir, "strace.log");
    let tracer;
    assert.equal(status(reader, "Seccomp"), "2");
    if (!noStrace) {
      tracer = spawn("strace", ["-f", "-qq", "-o", log, "-e", "trace=%file,%network,execve", "-p", String(reader)], { stdio: "ignore" });
      await until("strace holds the reader", () => Number(status(reader, "TracerPid")) === tracer.pid);
    }
    try {
      for (const d of documents) {
        const r = await up(d.bytes);
        assert.ok(r.status === 400 || r.status === 422, `${d.name}: ${r.status} ${r.text}`);
        assert.ok(r.body.code === d.code || r.body.errors?.some((e) => e.code === d.code), `${d.name}: not ${d.code}: ${r.text}`);
        assert.ok(r.body.errors.every((e) => e.remedy), `${d.name}: no remedy: ${r.text}`);
        assert.ok(!r.text.includes(CANARY), `${d.name}: ${r.text}`);
      }
    } finally {
      tracer?.kill("SIGINT");
      if (tracer) await until("strace ends", () => tracer.exitCode !== null || tracer.signalCode !== null);
    }
    assert.equal(await generation(), before);
    assert.equal(connections, 0);
    const grown = Number(status(house.polyrootd.pid, "VmHWM")) - peak;
    assert.ok(grown < 96 * MiB, `polyrootd grew by ${grown} kB`);
    assert.ok(Number(status(reader, "VmHWM")) < 160 * MiB);
    if (noStrace) return t.diagnostic(noStrace);
    const said = readFileSync(log, "utf8").split("\n");
    assert.ok(said.filter((l) => l.includes("sendfile(")).length >= documents.length, "strace saw the answers go out");
    const asked = said.filter((l) =>
      /\b(open|openat|openat2|creat|socket|connect|execve|stat|readlink)\(/.test(l));
    assert.deepEqual(asked, []);
    await unharmed();
  });

  test("an export cut at every 100th byte is refused each time", async (t) => {
    const cuts = truncations(good);
    assert.ok(cuts.length > 20);
    for (const cut of cuts) assert.equal((await up(cut)).status, 400, `cut at ${cut.length}`);
    t.diagnostic(`${cuts.length} of ${good.length} bytes`);
    await unharmed();
  });

  // The bytes go straight to the socket: neither side holds them.
  const stream = (headers, pieces) => new Promise((done) => {
    const piece = Buffer.alloc(1 << 20, "<!-- a gibibyte -->");
    let sent = 0, answered = null;
    const r = request({ host: "127.0.0.1", port: house.port, ca: house.ca, agent: false, method: "POST",
      path: "/api/v1/imports?mode=merge",
      headers: { Authorization: `Bearer ${house.token}`, "Content-Type": "application/xml", ...headers } });
    const more = () => {
      while (sent < pieces && !r.destroyed && answered === null)
        if (sent++, !r.write(piece)) return r.once("drain", more);
    };
    r.on("response", (a) => {
      answered = a.statusCode;
      a.resume();
    });
    // A side that closes early may do so before its answer is read.
    r.on("error", () => {});
    r.on("close", () => done({ answered, sent }));
    r.flushHeaders();
    more();
  });
  const bounded = async (t, headers, pieces, most) => {
    const peak = Number(status(house.polyrootd.pid, "VmHWM"));
    const { answered, sent } = await stream(headers, pieces);
    const grown = Number(status(house.polyrootd.pid, "VmHWM")) - peak;
    assert.ok(sent <= most, `${sent} MiB were taken`);
    assert.ok(grown < 96 * MiB, `polyrootd grew by ${grown} kB`);
    t.diagnostic(`answer ${answered} after ${sent} MiB, ${grown} kB more`);
    await unharmed();
    return answered;
  };

  test("a gibibyte that says so is refused before its first byte", async (t) => {
    assert.equal(await bounded(t, { "Content-Length": String(1 << 30) }, 0, 0), 413);
  });

  test("a gibibyte that does not is cut off on its way", async (t) => {
    const answered = await bounded(t, { "Transfer-Encoding": "chunked" }, 1024, 256);
    assert.ok(answered === 413 || answered === null, `${answered}`);
  });

  // Not hostile, only large: 1,024 profiles of 32 devices each.
  test("the largest site there is passes", async (t) => {
    const xml = largest();
    const from = Date.now();
    const r = await up(xml);
    assert.equal(r.status, 201, r.text.slice(0, 2000));
    assert.equal(r.body.plan.applicable, true);
    assert.equal(r.body.plan.diff.filter((d) => d.type === "vnic").length, 1024 * 32);
    t.diagnostic(`${xml.length} bytes in ${Date.now() - from} ms`);
    await house.must(200, "DELETE", `/imports/${r.body.id}`);
    await unharmed();
  });

  // The same with all that a document can have: what 1,024 servers of a dc-1024
  // want, its slots, ledger and sealed part; out, and in again for the empty plan.
  test("the largest document that we write ourselves can be read", async (t) => {
    const site = await new House({ name: "hostile-dc", chassis: "dc-1024" }).start();
    try {
      const kept = await site.must(201, "POST", "/imports?mode=merge", largest(), XML);
      await site.must(201, "POST", `/plans/${kept.plan.id}:apply`, { confirm: [] });
      const out = await site.post("/exports", { kind: "full", passphrase: PASSPHRASE }, { headers: { Accept: "application/xml" } });
      assert.equal(out.status, 200, out.text.slice(0, 2000));
      assert.equal(out.text.match(/<vnic /g).length, 1024 * 32);
      assert.equal(out.text.match(/<slot number="\d+" linkWidth/g).length, 1024);
      assert.match(out.text, /<encryptedSystem /);
      const from = Date.now();
      const back = await site.post("/imports?mode=replace&scope=all", out.text,
        { ...XML, headers: { "X-Polyroot-Passphrase": PASSPHRASE } });
      assert.equal(back.status, 201, back.text.slice(0, 2000));
      assert.deepEqual([back.body.plan.diff, back.body.plan.steps], [[], []]);
      t.diagnostic(`${out.text.length} bytes in ${Date.now() - from} ms`);
    } finally {
      await site.stop();
    }
  });

  test("nothing was written where it should not be", () => {
    assert.ok(existsSync(join(house.dir, "canary")));
    assert.equal(readFileSync(join(house.dir, "canary"), "utf8"), CANARY);
  });
});
