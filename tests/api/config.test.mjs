// Everything that is wanted, as one document and as one JSON object.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, top, until } from "./lib.mjs";

const noXmllint = spawnSync("xmllint", ["--version"]).error ? "there is no xmllint" : false;

describe("config", () => {
  let house;
  const get = (path, headers) => house.get(path, { headers });
  const xml = async (query = "") => {
    const r = await get(`/config${query}`, { Accept: "application/xml" });
    assert.equal(r.status, 200, r.text);
    return r;
  };
  const vnic = () => house.must(200, "GET", "/profiles/web/vnics/net0");

  before(async () => {
    house = await new House({ name: "config" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120, labels: { zone: "b", rack: "4, <U12>" } });
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    await house.must(201, "POST", "/qosClasses", { name: "gold", limitMbps: 4000, pcp: 3 });
    await house.must(201, "POST", "/profiles", { name: "web", drift: "alert",
      failover: { trigger: "observe", hold: "PT2M" } });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod"], qos: { class: "gold" },
      labels: { tier: "1" }, description: "the first", intendedUse: "backup" });
    await house.applied("POST", "/profiles/web:assign", { slot: 3 });
    await house.must(200, "PATCH", "/slots/5", { isSpare: true, labels: { row: "2" } });
    await house.must(200, "PATCH", "/ports/io1/1", { description: "to the core" });
  });
  after(() => house?.stop());

  test("the document is the same each time and holds all of it", async () => {
    const { text, headers } = await xml();
    assert.match(headers["content-type"], /^application\/xml/);
    assert.equal((await xml("?kind=logical")).text, text);
    for (const piece of [/kind="logical"/, /<origin [^>]*model="VIO-4001"/, /<module name="io1" bay="1" class="ethernet"/,
      /<slot number="5" label="" cableId="" adminState="enabled" isSpare="true">/, /<label name="row" value="2"\/>/,
      /<port name="io1\/1" [^>]*>\s*<description>to the core</, /<label name="rack" value="4, &lt;U12>"\/>/,
      /<qosClass [^>]*name="gold" guaranteeMbps="0" limitMbps="4000" pcp="3"/, /<pool [^>]*name="macs"[^>]*default="true"/,
      /<profile [^>]*drift="alert"/, /<qos class="gold" limitMbps="0" guaranteeMbps="0" pcp="0"\/>/,
      /<failover trigger="observe" hold="PT2M" cooldown="PT1H"\/>/, /<leases\/>\s*<extensions\/>\s*<integrity>/])
      assert.match(text, piece);
  });

  test("JSON says the same", async () => {
    const r = await get("/config", {});
    assert.equal(r.status, 200, r.text);
    assert.equal(r.body.kind, "logical");
    assert.deepEqual(r.body.networks.map((n) => n.labels), [{ rack: "4, <U12>", zone: "b" }]);
    assert.deepEqual(r.body.chassis.slots.map((s) => [s.number, s.isSpare]), [[5, true]]);
    assert.deepEqual(r.body.chassis.ports.map((p) => [p.name, p.description]), [["io1/1", "to the core"]]);
    assert.equal(r.body.profiles[0].vnics[0].qos.class, "gold");
    assert.equal(r.body.profiles[0].slot, 3);
    assert.equal(r.body.hardware.modules.length, 5);
    assert.equal(r.body.pools.length, 4);
    assert.deepEqual([r.body.leases, r.body.extensions], [[], null]);
  });

  test("kinds with secrets do not come this way", async () => {
    for (const kind of ["full", "system", "moon"])
      assert.equal((await get(`/config?kind=${kind}`, {})).status, 400, kind);
  });

  test("the schema is served to anybody, and accepts the document", { skip: noXmllint }, async () => {
    const r = await house.call("GET", "/schema/config-1.xsd", { token: null });
    assert.equal(r.status, 200, r.text);
    assert.equal(r.text, readFileSync(join(top, "profiles/config-1.xsd"), "utf8"));
    const xsd = join(house.dir, "config-1.xsd"), file = join(house.dir, "config.xml");
    writeFileSync(xsd, r.text);
    writeFileSync(file, (await xml()).text);
    const lint = spawnSync("xmllint", ["--nonet", "--noout", "--schema", xsd, file]);
    assert.equal(lint.status, 0, String(lint.stderr));
  });

  test("what a class says holds for its vNICs, and its change is theirs", async () => {
    assert.deepEqual((await vnic()).qos, { class: "gold", limitMbps: 0, guaranteeMbps: 0, classLimitMbps: 4000,
      classGuaranteeMbps: null, classPcp: 3, admissionMbps: 0, pcp: 0 });
    const limit = async () => (await house.server(3)).functions[0].limitMbps;
    assert.equal(await limit(), 4000);
    const plan = await house.must(200, "PATCH", "/qosClasses/gold?dryRun=true", { limitMbps: 3000 });
    assert.deepEqual(plan.diff.map((d) => [d.op, d.type, d.name, d.fields.map((f) => f.name)]),
      [["change", "qosClass", "gold", ["limitMbps"]], ["change", "vnic", "net0", ["qos.classLimitMbps"]]]);
    assert.equal(plan.disruption.length, 1);
    await house.applied("PATCH", "/qosClasses/gold", { limitMbps: 3000 });
    assert.equal(await limit(), 3000);
    // Its own word goes before that of its class.
    await house.applied("PATCH", "/profiles/web/vnics/net0", { qos: { limitMbps: 1000 } });
    assert.equal(await limit(), 1000);
    const r = await house.delete("/qosClasses/gold");
    assert.equal(r.status, 422, r.text);
    assert.equal(r.body.errors[0].code, "InUse");
    await house.applied("PATCH", "/profiles/web/vnics/net0", { qos: { class: null, limitMbps: 0 } });
    assert.equal(await limit(), 0);
    assert.equal((await house.delete("/qosClasses/gold")).status, 200);
  });

  test("its own document is the empty plan, also while a card is out or a link is slow", async () => {
    const doc = (await xml()).text;
    const planned = async (mode, when) => {
      const r = await house.post(`/imports?mode=${mode}`, doc, { type: "application/xml" });
      assert.equal(r.status, 201, `${when}: ${r.text}`);
      const { plan, conflicts } = r.body;
      assert.deepEqual([plan.applicable, plan.diff, plan.steps, conflicts], [true, [], [], []], `${mode}, ${when}: ${r.text}`);
    };
    const both = async (when) => {
      await planned("merge", when);
      await planned("replace&scope=all", when);
    };
    assert.equal((await vnic()).placed.module, "io1");
    await both("all is well");
    await house.ctl("speed", "bay", 1, "port", 1, 1000);
    await until(() => "the link stays fast", async () => (await house.must(200, "GET", "/ports/io1/1")).speedMbps === 1000);
    await both("a link is slow");
    await house.ctl("pull", "bay", 1);
    await until(() => "the card stays", async () => !(await house.must(200, "GET", "/bays/1")).module);
    await both("its card is out");
  });

  test("labels are merged, and each may go", async () => {
    await house.must(200, "PATCH", "/networks/prod", { labels: { zone: null, floor: "1" } });
    assert.deepEqual((await house.must(200, "GET", "/networks/prod")).labels, { floor: "1", rack: "4, <U12>" });
  });
});
