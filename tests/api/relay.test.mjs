// polyroot-relay against the real processes and a real receiver.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { after, afterEach, before, describe, test } from "node:test";
import { House, program, until } from "./lib.mjs";

const SECRET = "a secret of the receiver";

/** What was sent to it, in the order of arrival; `answer` says with which status. */
class Receiver {
  constructor() {
    this.got = [];
    this.answer = () => 200;
  }

  async start() {
    this.server = createServer((request, response) => {
      const parts = [];
      request.on("data", (d) => parts.push(d));
      request.on("end", () => {
        const text = Buffer.concat(parts).toString();
        const seen = { method: request.method, url: request.url, headers: request.headers, text };
        const status = this.answer(seen, this.got.length);
        this.got.push({ ...seen, status });
        response.statusCode = status;
        response.end();
      });
    });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  /** Bodies of the deliveries that were accepted. */
  get accepted() { return this.got.filter((g) => g.status === 200).map((g) => JSON.parse(g.text)); }
  stop() { this.server?.closeAllConnections?.(); this.server?.close(); }
}

class Relay {
  constructor(house, file, login = "user = admin\npassword-file = password") {
    this.dir = mkdtempSync(join(tmpdir(), "polyroot-relay-"));
    this.state = join(this.dir, "state");
    writeFileSync(join(this.dir, "password"), `${house.password}\n`, { mode: 0o600 });
    writeFileSync(join(this.dir, "secret"), `${SECRET}\n`, { mode: 0o600 });
    writeFileSync(join(this.dir, "relay.ini"), `[appliance]
url = https://127.0.0.1:${house.port}
ca = ${join(house.dir, "cert.pem")}
${login}
state = state
${file}`);
  }

  start() {
    this.said = "";
    this.child = spawn(program("polyroot-relay"), [join(this.dir, "relay.ini")], { stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr.on("data", (d) => { this.said += d; });
    this.ended = new Promise((done) => this.child.on("exit", (code, signal) => done({ code, signal })));
    return this;
  }

  status() {
    const path = join(this.state, "status.json");
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
  }

  follows() { return until(() => `it follows; it said:\n${this.said}`, () => this.status()?.appliance.follows); }

  kill(signal) {
    this.child.kill(signal);
    return this.ended;
  }

  async remove() {
    if (this.child?.exitCode === null && this.child?.signalCode === null) await this.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, force: true });
  }
}

describe("relay", () => {
  let house, receiver, relay, vlan = 1000;
  before(async () => { house = await new House({ name: "relay" }).start(); });
  after(() => house?.stop());
  afterEach(async () => {
    await relay?.remove();
    receiver?.stop();
    relay = receiver = null;
  });
  const hook = (more = "events = network\n") => `[webhook ops]
url = ${receiver.url}/hook
secret-file = secret
retry = 20ms
retry-max = 100ms
${more}`;
  const make = () => house.must(201, "POST", "/networks", { name: `n${++vlan}`, vlan });
  const newest = async () => (await house.must(200, "GET", "/audit?limit=4096")).items.at(-1).seq;

  // A token that is refused is read again: a new one may lie in the file.
  test("it asks with a token, and with the next one when that has ended", async () => {
    const operations = ["event follow", "appliance show"];
    const first = await house.must(201, "POST", "/tokens", { name: "relay-1", role: "auditor", operations });
    receiver = await new Receiver().start();
    relay = new Relay(house, hook(), "token-file = token");
    const put = ({ token }) => writeFileSync(join(relay.dir, "token"), `${token}\n`, { mode: 0o600 });
    put(first);
    relay.start();
    await relay.follows();
    await make();
    await until("the delivery", () => receiver.accepted.length === 1);
    assert.ok((await house.must(200, "GET", "/tokens/relay-1")).usedAt);
    const second = await house.must(201, "POST", "/tokens", { name: "relay-2", role: "auditor", operations });
    await house.must(204, "DELETE", "/tokens/relay-1");
    await relay.kill("SIGTERM");
    relay.start();
    await until("it says so", () => /the token is refused/.test(relay.status()?.appliance.error ?? ""));
    put(second);
    await relay.follows();
    await make();
    await until("the next delivery", () => receiver.accepted.length === 2);
    assert.ok(!relay.said.includes(first.token) && !relay.said.includes(second.token));
  });

  test("a change is delivered, signed, and named after the appliance", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    const { name } = await make();
    const seq = await newest();
    await until("the delivery", () => receiver.accepted.length > 0);
    const [seen] = receiver.got, body = JSON.parse(seen.text);
    const { id } = await house.must(200, "GET", "/appliance");
    assert.equal(seen.method, "POST");
    assert.equal(seen.url, "/hook");
    assert.equal(body.id, `${id}-${seq}`);
    assert.equal(seen.headers["polyroot-delivery"], body.id);
    assert.equal(body.event, "change");
    assert.equal(body.data.object.name, name);
    assert.equal(body.data.seq, seq);
    assert.equal(body.appliance.id, id);
    const stamp = seen.headers["polyroot-timestamp"];
    assert.ok(Math.abs(Date.now() / 1000 - Number(stamp)) < 60);
    assert.equal(seen.headers["polyroot-signature"],
      `sha256=${createHmac("sha256", SECRET).update(`${stamp}.${seen.text}`).digest("hex")}`);
    await until("nothing is owed", () => relay.status().webhooks[0].queued === 0);
    assert.equal((await relay.kill("SIGTERM")).code, 0);
    for (const f of ["status.json", "last-event"])
      assert.equal(statSync(join(relay.state, f)).mode & 0o777, 0o600, f);
  });

  test("what is refused comes again, under the same id, and nothing overtakes it", async () => {
    receiver = await new Receiver().start();
    receiver.answer = (_, n) => (n < 4 ? [500, 429, 404, 302][n] : 200);
    relay = new Relay(house, hook()).start();
    await relay.follows();
    const names = [];
    for (let i = 0; i < 5; i++) names.push((await make()).name);
    await until("all five", () => receiver.accepted.length === 5);
    assert.deepEqual(receiver.accepted.map((b) => b.data.object.name), names);
    assert.equal(new Set(receiver.got.slice(0, 5).map((g) => g.headers["polyroot-delivery"])).size, 1);
    assert.equal(new Set(receiver.got.slice(0, 5).map((g) => g.text)).size, 1);
  });

  test("only what is wanted", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook("events = san, job:*")).start();
    await relay.follows();
    await make();
    await house.must(201, "POST", "/sans", { name: "f1", vsan: 7 });
    await make();
    await house.must(201, "POST", "/sans", { name: "f2", vsan: 8 });
    await until("both", () => receiver.accepted.length === 2);
    assert.deepEqual(receiver.accepted.map((b) => b.data.object.name), ["f1", "f2"]);
  });

  test("killed at any moment: everything arrives, in order, twice only under one id", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    const names = [];
    for (let i = 0; i < 12; i++) {
      const n = receiver.got.length;
      // Now while it delivers, before the answer; now when the change was just made.
      if (i % 2 === 1) receiver.answer = () => { relay.child.kill("SIGKILL"); return 200; };
      names.push((await make()).name);
      if (i % 2 === 0) await relay.kill("SIGKILL");
      else {
        await until("a request", () => receiver.got.length > n);
        await relay.ended;
        receiver.answer = () => 200;
      }
      relay.start();
    }
    const ids = () => receiver.accepted.map((b) => b.id);
    await until("the last one", () => receiver.accepted.some((b) => b.data.object.name === names.at(-1)));
    await until("nothing is owed", () => relay.status().webhooks[0].queued === 0);
    const first = receiver.accepted.filter((b, i) => ids().indexOf(b.id) === i);
    assert.deepEqual(first.map((b) => b.data.object.name), names);
  });

  test("what nobody took while it was away is there afterwards", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    const before = await make();
    await until("the first", () => receiver.accepted.length === 1);
    await relay.kill("SIGTERM");
    const away = [await make(), await make()];
    relay.start();
    await until("all", () => receiver.accepted.length === 3);
    assert.deepEqual(receiver.accepted.map((b) => b.data.object.name), [before, ...away].map((n) => n.name));
  });

  test("polyrootd goes and comes", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    await house.polyrootd.kill("SIGKILL");
    await until("it sees that", () => relay.status().appliance.follows === false);
    await house.startPolyrootd(["--port", String(house.port)]);
    await house.ready();
    const { name } = await make();
    await until("the change", () => receiver.accepted.some((b) => b.data.object?.name === name));
  });

  test("what is too old is buried and counted; the rest goes on", async () => {
    receiver = await new Receiver().start();
    receiver.answer = () => 503;
    relay = new Relay(house, hook("events = network\ngive-up-after = 200ms\n")).start();
    await relay.follows();
    await make();
    await until("it is buried", () => relay.status().webhooks[0].dead === 1);
    receiver.answer = () => 200;
    const { name } = await make();
    await until("the next", () => receiver.accepted.some((b) => b.data.object.name === name));
    assert.equal(readdirSync(join(relay.state, "webhook.ops/dead")).length, 1);
    await until("status", () => relay.status().webhooks[0].error === null);
  });

  test("the queue has an end; the oldest goes first", async () => {
    receiver = await new Receiver().start();
    receiver.answer = () => 503;
    relay = new Relay(house, hook("events = network\nqueue = 3\n")).start();
    await relay.follows();
    const names = [];
    for (let i = 0; i < 6; i++) names.push((await make()).name);
    await until("three are buried", () => relay.status().webhooks[0].dead === 3);
    receiver.answer = () => 200;
    await until("three arrive", () => receiver.accepted.length === 3);
    assert.deepEqual(receiver.accepted.map((b) => b.data.object.name), names.slice(3));
  });

  test("a number that is not to be had says so, and it goes on", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    await make();
    await until("the first", () => receiver.accepted.length === 1);
    await relay.kill("SIGTERM");
    writeFileSync(join(relay.state, "last-event"), "0 999999\n");
    relay.start();
    await until("the reset", () => receiver.accepted.length === 2);
    const reset = receiver.accepted[1];
    assert.equal(reset.event, "reset");
    assert.equal(reset.data.after, 999999);
    await relay.follows();
    const { name } = await make();
    await until("the change", () => receiver.accepted.length === 3);
    assert.equal(receiver.accepted[2].data.object.name, name);
  });

  test("a fault is told when it is raised and when it is gone", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook("events = fault\n")).start();
    await relay.follows();
    await house.must(200, "PATCH", "/settings", { backup: { directory: "polyroot.db" } });
    await house.must(503, "POST", "/backups");
    await until("it is raised", () => receiver.accepted.length === 1);
    await house.must(200, "PATCH", "/settings", { backup: { directory: null } });
    await house.must(201, "POST", "/backups");
    await until("it is gone", () => receiver.accepted.length === 2);
    const told = receiver.accepted.map((b) => b.data);
    for (const d of told) {
      assert.equal(d.object.type, "fault");
      assert.match(d.object.id, /^BackupFailed/);
    }
    assert.notEqual(told[0].action, told[1].action);
  });

  describe("uploads", () => {
    const config = async () => (await house.get("/config", { headers: { Accept: "application/xml" } })).text;
    const upload = (url, more) => `[upload off-site]\nurl = ${url}\nretry = 20ms\nretry-max = 50ms\n${more}`;

    test("the configuration is PUT, again until it is taken, and again when it is time", async () => {
      receiver = await new Receiver().start();
      receiver.answer = (seen, n) => (n < 3 ? 507 : 201);
      relay = new Relay(house, upload(`${receiver.url}/{name}-{at}.xml`, "every = 300ms\nuser = u\npassword-file = put.pw\n"));
      writeFileSync(join(relay.dir, "put.pw"), "pw of the receiver\n");
      relay.start();
      await until("two were taken", () => receiver.got.filter((g) => g.status === 201).length >= 2);
      const [first] = receiver.got;
      assert.equal(first.method, "PUT");
      assert.match(first.url, /^\/polyroot-\d{8}T\d{6}Z\.xml$/);
      assert.equal(first.headers["content-type"], "application/xml");
      assert.equal(first.headers.authorization, `Basic ${Buffer.from("u:pw of the receiver").toString("base64")}`);
      assert.equal(first.text, await config());
      await until("its status", () => relay.status().uploads[0].error === null && relay.status().uploads[0].lastAt);
      assert.ok(!relay.said.includes("pw of the receiver"));
    });

    test("into a file: whole, for its owner, and not again after a restart before it is time", async () => {
      relay = new Relay(house, "");
      const path = join(relay.dir, "config.xml");
      writeFileSync(join(relay.dir, "relay.ini"), readFileSync(join(relay.dir, "relay.ini"), "utf8") +
        upload(`file://${path}`, "every = 1d\n"));
      relay.start();
      await until("the file", () => existsSync(path));
      assert.equal(readFileSync(path, "utf8"), await config());
      assert.equal(statSync(path).mode & 0o777, 0o600);
      await until("it is kept", () => relay.status()?.uploads[0].lastAt);
      const { lastAt } = relay.status().uploads[0];
      await relay.kill("SIGKILL");
      rmSync(path);
      rmSync(join(relay.state, "status.json"));
      relay.start();
      await relay.follows();
      assert.equal(relay.status().uploads[0].lastAt, lastAt);
      assert.ok(!existsSync(path));
    });

    test("where nothing can be written, the status says so", async () => {
      relay = new Relay(house, upload("file:///no/such/dir/x.xml", "at = 02:00\n")).start();
      await until("its error", () => relay.status()?.uploads[0].error);
      assert.match(relay.status().uploads[0].error, /no\/such\/dir/);
      assert.equal(relay.status().uploads[0].lastAt, null);
    });
  });

  test("no secret is in what it says or keeps", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    await make();
    await until("the delivery", () => receiver.accepted.length === 1);
    await relay.kill("SIGTERM");
    const kept = readdirSync(relay.state, { recursive: true }).map((f) => join(relay.state, f))
      .filter((f) => statSync(f).isFile()).map((f) => readFileSync(f, "utf8")).join("\n");
    for (const secret of [SECRET, house.password])
      assert.ok(!relay.said.includes(secret) && !kept.includes(secret) && !receiver.got[0].text.includes(secret));
    assert.ok(!/Bearer/.test(relay.said + kept));
  });

  test("two with one state: the second refuses", async () => {
    receiver = await new Receiver().start();
    relay = new Relay(house, hook()).start();
    await relay.follows();
    const second = spawn(program("polyroot-relay"), [join(relay.dir, "relay.ini")], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    second.stderr.on("data", (d) => { said += d; });
    const code = await new Promise((done) => second.on("exit", done));
    assert.equal(code, 1);
    assert.match(said, /another relay/);
  });
});
