// Snapshots against the real processes: when they are taken, what they hold, the way back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

const XML = { headers: { Accept: "application/xml" } };

describe("snapshots", () => {
  let house;
  before(async () => { house = await new House({ name: "snapshots" }).start(); });
  after(() => house?.stop());
  const list = async () => (await house.must(200, "GET", "/snapshots")).items;
  const make = (body) => house.post("/snapshots", body);
  const config = async () => (await house.call("GET", "/config", XML)).text;
  const digest = (xml) => /<contentDigest>(\w+)</.exec(xml)[1];
  let vlan = 100;
  const change = () => house.must(201, "POST", "/networks", { name: `n${++vlan}`, vlan });

  test("one by hand holds the configuration, byte for byte", async () => {
    await change();
    assert.deepEqual(await list(), []);
    const { status, headers, body } = await make({ reason: "before lunch" });
    assert.equal(status, 201);
    assert.equal(headers.location, `/api/v1/snapshots/${body.id}`);
    assert.equal(body.reason, "before lunch");
    assert.equal(body.actor, "admin");
    assert.equal(body.pinned, false);
    const { text, headers: h } = await house.call("GET", `/snapshots/${body.id}`, XML);
    assert.match(h["content-type"], /application\/xml/);
    assert.equal(text, await config());
    assert.equal(body.contentDigest, digest(text));
    assert.equal(body.bytes, Buffer.byteLength(text));
    assert.equal(body.generation, (await house.must(200, "GET", "/appliance")).generation);
    assert.deepEqual(await house.must(200, "GET", `/snapshots/${body.id}`), body);
    assert.deepEqual(await list(), [body]);
  });

  test("none is taken when nothing differs, also when it was changed and changed back", async () => {
    const [newest] = await list();
    const again = await make({});
    assert.equal(again.status, 200);
    assert.equal(again.body.id, newest.id);
    const n = await change();
    await house.must(200, "DELETE", `/networks/${n.id}`);
    const back = await make();
    assert.equal(back.status, 200);
    assert.equal(back.body.id, newest.id);
    await change();
    assert.equal((await make()).status, 201);
    assert.equal((await list()).length, 2);
  });

  test("a page, and the next", async () => {
    const [a, b] = await list();
    const first = await house.must(200, "GET", "/snapshots?limit=1");
    assert.equal(first.items[0].id, a.id);
    const second = await house.must(200, "GET", `/snapshots?limit=1&after=${first.next}`);
    assert.equal(second.items[0].id, b.id);
    assert.equal(second.next, null);
  });

  test("pinned, let go, removed", async () => {
    const [s] = await list();
    assert.equal((await house.must(200, "PATCH", `/snapshots/${s.id}`, { pinned: true })).pinned, true);
    assert.equal((await house.must(200, "GET", `/snapshots/${s.id}`)).pinned, true);
    assert.equal((await house.must(200, "PATCH", `/snapshots/${s.id}`, { pinned: false })).pinned, false);
    await house.must(400, "PATCH", `/snapshots/${s.id}`, { pinned: "yes" });
    await house.must(400, "PATCH", `/snapshots/${s.id}`, { reason: "other" });
    await house.must(204, "DELETE", `/snapshots/${s.id}`);
    await house.must(404, "GET", `/snapshots/${s.id}`);
    const told = (await house.must(200, "GET", "/audit?limit=4096")).items.filter((e) => e.object.type === "snapshot");
    assert.deepEqual(told.slice(-3).map((e) => e.action), [`PATCH /snapshots/${s.id}`, `PATCH /snapshots/${s.id}`,
      `DELETE /snapshots/${s.id}`]);
  });

  test("what is not there is not found; what is no snapshot neither", async () => {
    for (const id of ["999999", "x", "-1"])
      for (const [method, path] of [["GET", ""], ["GET", ":diff"], ["PATCH", ""], ["DELETE", ""], ["POST", ":restore"]])
        await house.must(404, method, `/snapshots/${id}${path}`, method === "PATCH" ? {} : undefined);
    const [s] = await list();
    await house.must(404, "GET", `/snapshots/${s.id}:diff?against=999999`);
    await house.must(400, "POST", "/snapshots", { reason: "" });
    await house.must(400, "POST", "/snapshots", { colour: "red" });
  });

  test("the difference is told field by field, both ways", async () => {
    await house.must(201, "POST", "/networks", { name: "diff", vlan: 900 });
    const { body: a } = await make();
    await house.must(200, "PATCH", "/networks/diff", { vlan: 901 });
    const now = await house.must(200, "GET", `/snapshots/${a.id}:diff`);
    assert.equal(now.to, "now");
    assert.equal(now.equal, false);
    assert.deepEqual(now.diff, [{ op: "change", type: "ethernet", name: "diff", of: null,
      fields: [{ name: "vlan", before: "900", after: "901" }] }]);
    const { body: b } = await make();
    const back = await house.must(200, "GET", `/snapshots/${b.id}:diff?against=${a.id}`);
    assert.equal(back.to.id, a.id);
    assert.deepEqual(back.diff[0].fields, [{ name: "vlan", before: "901", after: "900" }]);
    const same = await house.must(200, "GET", `/snapshots/${b.id}:diff?against=now`);
    assert.equal(same.equal, true);
    assert.deepEqual(same.diff, []);
  });

  test("a plan over several slots keeps what was before; one profile does not", async () => {
    for (const [name, slot] of [["s1", 1], ["s2", 2]]) {
      await house.must(201, "POST", "/profiles", { name });
      await house.must(201, "POST", `/profiles/${name}/vnics`, { name: "net0", networks: ["diff"], mac: "pool" });
    }
    const before = await list();
    await house.applied("POST", "/profiles/s1:assign", { slot: 1 });
    await house.applied("POST", "/profiles/s1:move", { slot: 3 });
    await house.applied("POST", "/profiles/s1:move", { slot: 1 });
    assert.deepEqual(await list(), before);
    await house.applied("POST", "/profiles/s2:assign", { slot: 2 });
    const was = digest(await config());
    const plan = await house.must(201, "POST", "/plans", { changes: ["s1", "s2"].map((p) =>
      ({ method: "PATCH", path: `/profiles/${p}/vnics/net0`, body: { qos: { limitMbps: 1000 } } })) });
    assert.equal((await list()).length, before.length);
    await house.applied("POST", `/plans/${plan.id}:apply`, {});
    const [newest] = await list();
    assert.equal(newest.reason, "plan");
    assert.equal(newest.contentDigest, was);
    assert.equal((await list()).length, before.length + 1);
  });

  test("changes at the same time: each snapshot is of the moment before its plan", async () => {
    const apply = async (limit) => {
      const plan = await house.must(201, "POST", "/plans", { changes: ["s1", "s2"].map((p) =>
        ({ method: "PATCH", path: `/profiles/${p}/vnics/net0`, body: { qos: { limitMbps: limit } } })) });
      return house.post(`/plans/${plan.id}:apply`, {});
    };
    const others = Array.from({ length: 24 }, change);
    const { status, headers } = await apply(2000);
    assert.equal(status, 202);
    await Promise.all(others);
    await house.jobEnds(headers.location.split("/").at(-1));
    const [s] = await list();
    const job = await house.must(200, "GET", headers.location.replace("/api/v1", ""));
    assert.equal(s.generation, job.generation - 1);
    const { text } = await house.call("GET", `/snapshots/${s.id}`, XML);
    assert.match(text, /limitMbps="1000"/);
    assert.doesNotMatch(text, /limitMbps="2000"/);
  });

  test("a restore is an import with its plan; applied, everything is as it was", async () => {
    const { body: s } = await make();
    const seen = await house.seenByServers();
    await house.applied("PATCH", "/profiles/s1/vnics/net0", { qos: { limitMbps: 3000 } });
    await house.must(201, "POST", "/networks", { name: "later", vlan: 950 });
    await house.applied("POST", "/profiles/s2:release", {});
    const before = digest(await config());
    const made = await house.must(201, "POST", `/snapshots/${s.id}:restore`);
    assert.equal(made.mode, "replace");
    assert.equal(digest(await config()), before);
    const codes = made.plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    assert.deepEqual(made.plan.checks.filter((c) => c.severity === "B"), []);
    await house.applied("POST", `/plans/${made.plan.id}:apply`, { confirm: [...new Set(codes)] });
    assert.equal(digest(await config()), s.contentDigest);
    const [newest] = await list();
    assert.equal(newest.reason, "import");
    assert.equal(newest.contentDigest, before);
    const order = (f) => f.map((x) => JSON.stringify([x.slot, x.mac, x.limitMbps])).sort();
    assert.deepEqual(order(await house.seenByServers()), order(seen));
    const { diff } = await house.must(200, "GET", `/snapshots/${s.id}:diff`);
    assert.deepEqual(diff, []);
  });

  test("they survive a restart, and an auditor reads what he may not change", async () => {
    const before = await list();
    await house.polyrootd.kill("SIGKILL");
    await house.startPolyrootd();
    await house.ready();
    assert.deepEqual(await list(), before);
    assert.equal((await house.call("GET", "/snapshots", { token: null })).status, 401);
  });
});
