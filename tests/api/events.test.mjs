// /events: numbers, resume, tick, reset, limits.
import assert from "node:assert/strict";
import { request } from "node:https";
import { after, afterEach, before, describe, test } from "node:test";
import { House, until } from "./lib.mjs";

/** A follower: what it has heard, as { id, event, data }. */
class Stream {
  constructor(house, { query = "", headers = {}, token = house.token } = {}) {
    this.heard = [];
    this.closed = false;
    this.opened = new Promise((resolve, reject) => {
      this.request = request({ host: "127.0.0.1", port: house.port, ca: house.ca, agent: false,
        path: `/api/v1/events${query}`, headers: { ...headers, Authorization: `Bearer ${token}` } }, (answer) => {
        let text = "";
        this.status = answer.statusCode;
        this.headers = answer.headers;
        answer.setEncoding("utf8");
        answer.on("data", (d) => {
          text += d;
          for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) this.take(text.slice(0, end));
        });
        answer.on("error", () => {});
        answer.on("close", () => { this.closed = true; });
        resolve(this);
      });
      this.request.on("error", (e) => { this.closed = true; reject(e); });
      this.request.end();
    });
  }

  take(block) {
    const lines = Object.fromEntries(block.split("\n").map((l) => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 2)]));
    if (lines.event) this.heard.push({ id: lines.id, event: lines.event, data: JSON.parse(lines.data) });
  }

  of(event) { return this.heard.filter((h) => h.event === event); }
  until(what, look) { return until(() => `${what} in ${JSON.stringify(this.heard)}`, () => look(this)); }
  end() { this.request.destroy(); }
}

describe("events", () => {
  let house, streams = [];
  const follow = async (options) => {
    const s = await new Stream(house, options).opened;
    streams.push(s);
    return s;
  };
  before(async () => { house = await new House({ name: "events" }).start(); });
  after(() => house?.stop());
  // A session has four places.
  afterEach(async () => {
    for (const s of streams) s.end();
    streams = [];
    if (house.polyrootd.lives)
      await until("the followers have gone", async () =>
        /event_streams 0$/m.test((await house.get("/metrics", { root: true })).text));
  });
  const make = (name, vlan) => house.must(201, "POST", "/networks", { name, vlan });

  test("a change is told with its number", async () => {
    const s = await follow();
    assert.equal(s.status, 200);
    assert.match(s.headers["content-type"], /^text\/event-stream/);
    await make("a", 11);
    const [change] = await s.until("the change", () => s.of("change").length && s.of("change"));
    assert.equal(change.id, String(change.data.seq));
    assert.equal(change.data.actor, "admin");
    assert.equal(change.data.object.type, "network");
    assert.equal(change.data.object.name, "a");
    assert.equal(change.data.generation, (await house.must(200, "GET", "/appliance")).generation);
  });

  test("a tick comes every two seconds, with generation and view", async () => {
    const s = await follow();
    const began = Date.now();
    await s.until("three ticks", () => s.of("tick").length >= 3);
    const took = Date.now() - began;
    assert.ok(took > 3000 && took < 8000, `${took} ms`);
    const { data } = s.of("tick")[0];
    assert.equal(typeof data.generation, "number");
    assert.equal(data.view.state, "ok");
    assert.ok(Date.parse(data.at));
  });

  for (const how of ["Last-Event-ID", "after"])
    test(`it is resumed by ${how}: nothing twice, nothing missed`, async () => {
      const s = await follow();
      await make(`${how}-0`.toLowerCase(), 20);
      const [first] = await s.until("the first", () => s.of("change").length && s.of("change"));
      s.end();
      for (let i = 1; i <= 100; i++) await make(`${how}-${i}`.toLowerCase(), 20 + i);
      const again = await follow(how === "after" ? { query: `?after=${first.id}` } : { headers: { "Last-Event-ID": first.id } });
      const heard = await again.until("all the others", () => again.of("change").length >= 100 && again.of("change"));
      assert.deepEqual(heard.map((h) => Number(h.id)), Array.from({ length: 100 }, (_, i) => Number(first.id) + 1 + i));
      assert.deepEqual(heard.map((h) => h.data.object.name),
        Array.from({ length: 100 }, (_, i) => `${how}-${i + 1}`.toLowerCase()));
    });

  for (const id of ["999999999", "hello", "-1"])
    test(`a number that cannot be followed (${id}) is a reset, and the end`, async () => {
      const s = await follow({ headers: { "Last-Event-ID": id } });
      await s.until("the reset", () => s.of("reset").length === 1);
      await s.until("the end", () => s.closed);
    });

  test("what is seen and what a job does is told without a number", async () => {
    const s = await follow();
    await house.must(201, "POST", "/profiles", { name: "watched" });
    await make("w", 700);
    await house.must(201, "POST", "/profiles/watched/vnics", { name: "n", networks: ["w"], mac: "pool" });
    const { job } = await house.applied("POST", "/profiles/watched:assign", { slot: 5 });
    await s.until("the job's end", () => s.of("job").some((h) => h.data.id === job.id && h.data.state === "applied"));
    await s.until("the view", () => s.of("view").length > 0);
    for (const h of [...s.of("job"), ...s.of("view")]) assert.equal(h.id, undefined);
    const done = s.of("job").filter((h) => h.data.id === job.id).map((h) => h.data.done);
    assert.deepEqual(done, [...done].sort((a, b) => a - b), "steps done never become fewer");
  });

  test("four of one session, not five", async () => {
    const mine = [];
    for (let i = 0; i < 4; i++) mine.push(await follow());
    assert.deepEqual(mine.map((s) => s.status), [200, 200, 200, 200]);
    const fifth = await follow();
    assert.equal(fifth.status, 429);
    mine[0].end();
    await until("a place is free", async () => (await follow()).status === 200);
  });

  test("a page that is loaded again and again is not shut out", async () => {
    for (let i = 0; i < 20; i++) {
      const s = await follow();
      assert.equal(s.status, 200, `load ${i}`);
      s.end();
      await until("its end has arrived", () => s.closed);
    }
  });

  test("a logout ends its streams, and only them", async () => {
    const { body } = await house.call("POST", "/sessions", { token: null, body: { user: "admin", password: house.password } });
    const other = await follow({ token: body.token }), mine = await follow();
    await other.until("a tick", () => other.of("tick").length > 0);
    await house.must(204, "DELETE", "/sessions/current", undefined, { token: body.token });
    await other.until("the end", () => other.closed);
    assert.equal(mine.closed, false);
  });

  test("without a token there is none", async () => {
    assert.equal((await follow({ token: "x" })).status, 401);
  });

  test("the end of the controller is the end of the stream", async () => {
    const s = await follow();
    await s.until("a tick", () => s.of("tick").length > 0);
    const began = Date.now();
    const { code } = await house.polyrootd.kill("SIGTERM");
    assert.equal(code, 0);
    assert.ok(Date.now() - began < 10_000);
    await s.until("the end", () => s.closed);
  });
});
