// A profile as XML, down and up, through the real processes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { House, top } from "./lib.mjs";

const XML = { type: "application/xml" };
const NS = "urn:polyroot:config:1";
const profile = (inside, name = "p") => `<applianceConfig xmlns="${NS}" schemaVersion="1.0" kind="profile">
<profiles><profile name="${name}">${inside}</profile></profiles></applianceConfig>`;
const noXmllint = spawnSync("xmllint", ["--version"]).error ? "there is no xmllint" : false;

describe("xml", () => {
  let house, doc;
  const down = async (name) => {
    const r = await house.get(`/profiles/${name}`, { headers: { Accept: "application/xml" } });
    assert.equal(r.status, 200, r.text);
    assert.match(r.headers["content-type"], /^application\/xml/);
    return r.text;
  };
  const up = (xml, query = "?mode=merge") => house.post(`/imports${query}`, xml, XML);
  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;

  before(async () => {
    house = await new House({ name: "xml" }).start();
    await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
    await house.must(201, "POST", "/networks", { name: "mgmt", vlan: 10 });
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    await house.must(201, "POST", "/profiles", { name: "web", description: "rack  4 <ä>" });
    await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod", "mgmt"], native: "mgmt",
      qos: { limitMbps: 2000 } });
    await house.must(201, "POST", "/profiles/web/vhbas", { name: "fc0", san: "fab-a",
      bootTargets: [{ wwpn: "50:06:01:60:3B:20:11:01", lun: 0, priority: 1 }] });
    await house.applied("POST", "/profiles/web:assign", { slot: 3 });
  });
  after(() => house?.stop());

  test("a profile comes down as XML, the same bytes each time", async () => {
    doc = await down("web");
    assert.equal(await down("web"), doc);
    assert.match(doc, /kind="profile"/);
    assert.match(doc, /model="VIO-4001"/);
    assert.match(doc, /limitMbps="2000"/);
    assert.match(doc, /<assignment affinity="slot" slot="3"\/>/);
  });

  test("it is valid for the schema", { skip: noXmllint }, () => {
    const file = join(house.dir, "web.xml");
    writeFileSync(file, doc);
    const r = spawnSync("xmllint", ["--nonet", "--noout", "--schema", join(top, "profiles/config-1.xsd"), file]);
    assert.equal(r.status, 0, String(r.stderr));
  });

  test("its own export gives the empty plan", async () => {
    const r = await up(doc);
    assert.equal(r.status, 201, r.text);
    assert.equal(r.body.plan.applicable, true);
    assert.deepEqual(r.body.plan.diff, []);
    assert.deepEqual(r.body.plan.steps, []);
    assert.deepEqual(r.body.conflicts, []);
    assert.deepEqual(r.body.plan.checks.filter((c) => c.severity !== "W"), []);
  });

  test("an edited one is planned, confirmed, applied, and seen by the server", async () => {
    const r = await up(doc.replace('limitMbps="2000"', 'limitMbps="3000"'));
    assert.equal(r.status, 201, r.text);
    assert.equal(r.body.plan.checks.find((c) => c.code === "DocumentModified")?.severity, "C");
    assert.deepEqual(r.body.plan.diff.map((d) => [d.op, d.type, d.name, d.fields.map((f) => f.name)]),
      [["change", "vnic", "net0", ["qos.limitMbps"]]]);
    const refused = await house.post(`/plans/${r.body.plan.id}:apply`, {});
    assert.equal(refused.status, 409);
    assert.equal(refused.body.code, "ConfirmationNeeded");
    await house.applied("POST", `/plans/${r.body.plan.id}:apply`, { confirm: ["DocumentModified", "SignatureInvalid"] });
    assert.equal((await house.server(3)).functions.find((f) => f.mac).limitMbps, 3000);
    assert.match(await down("web"), /limitMbps="3000"/);
  });

  test("a new profile, its network made from the document, addresses from the pool", async () => {
    const r = await up(`<applianceConfig xmlns="${NS}" schemaVersion="1.0" kind="profile">
      <networks><ethernet name="extra" vlan="77"/></networks>
      <profiles><profile name="db"><vnic name="n"><mac source="pool"/><vlans><vlan network="extra"/></vlans></vnic>
      </profile></profiles></applianceConfig>`);
    assert.equal(r.status, 201, r.text);
    assert.deepEqual(r.body.conflicts.map((c) => [c.code, c.option, c.open]), [["NetworkMissing", "refuse", true]]);
    assert.equal((await house.post(`/plans/${r.body.plan.id}:apply`, {})).status, 422);
    const before = await generation();
    const p = await house.must(200, "PATCH", `/imports/${r.body.id}`,
      { choices: [{ conflict: r.body.conflicts[0].id, option: "create" }] });
    assert.deepEqual(p.conflicts.map((c) => [c.code, c.option, c.open, c.chosen]), [["NetworkMissing", "create", false, true]]);
    assert.equal(p.plan.applicable, true);
    assert.equal((await house.get(`/plans/${r.body.plan.id}`)).status, 404, "the plan before is gone");
    const done = await house.post(`/plans/${p.plan.id}:apply`, {});
    assert.equal(done.status, 201, done.text);
    assert.equal(await generation(), before + 1);
    const db = await house.must(200, "GET", "/profiles/db");
    assert.match(db.vnics[0].mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    assert.deepEqual(db.vnics[0].networks, ["extra"]);
    assert.equal((await house.must(200, "GET", "/networks/extra")).vlan, 77);
  });

  test("a job made by an import is undone like any other", async () => {
    const { items } = await house.must(200, "GET", "/jobs");
    assert.equal(items[0].kind, "import");
    await house.must(201, "POST", `/jobs/${items[0].id}:undo`, {});
    assert.equal((await house.get("/profiles/db")).status, 404);
  });

  // What is sent, the status, a code, and a word of where.
  for (const [name, xml, status, code, where] of [
    ["no document", "", 400, "DocumentEmpty", ""],
    ["half a document", "<a><b></b>", 400, "DocumentMalformed", "line 1"],
    ["an external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, 400, "DocumentDoctype", "line 1"],
    ["UTF-16", Buffer.from("\ufeff<a/>", "utf16le"), 400, "DocumentEncoding", ""],
    ["many attributes", `<a ${Array.from({ length: 50000 }, (_, i) => `a${i}=""`).join(" ")}/>`, 400, "DocumentLimit", ""],
    ["another namespace", "<applianceConfig/>", 422, "DocumentRoot", "/Q{}applianceConfig"],
    ["another kind", profile("").replace('kind="profile"', 'kind="other"'), 422, "DocumentKind", "/applianceConfig/@kind"],
    ["an unknown attribute", profile('\n<vnic name="n" colour="red"/>'), 422, "DocumentUnknown",
      "/applianceConfig/profiles/profile/vnic/@colour"],
    ["a bad value", profile('<vnic name="n" order="first"/>'), 422, "DocumentValue",
      "/applianceConfig/profiles/profile/vnic/@order"],
  ]) test(`${name} is refused with its place, and nothing changed`, async () => {
    const before = await generation();
    const r = await up(xml);
    assert.equal(r.status, status, r.text);
    assert.match(r.headers["content-type"], /problem\+json/);
    assert.ok(r.body.code === code || r.body.errors?.some((e) => e.code === code), r.text);
    assert.ok(r.text.includes(where), r.text);
    for (const e of r.body.errors ?? []) assert.ok(e.remedy, r.text);
    assert.equal(await generation(), before);
  });

  test("all errors of a document come at once, each with its line", async () => {
    const r = await up(profile('\n<vnic name="n" mtu="1" colour="x">\n<mac value="zz"/></vnic>\n<vhba name="h"/>'));
    assert.equal(r.status, 422);
    for (const [code, line] of [["MtuRange", 3], ["DocumentUnknown", 3], ["MacSyntax", 4], ["DocumentMissing", 5]])
      assert.ok(r.body.errors.some((e) => e.code === code && e.detail.startsWith(`line ${line}:`)), `${code} ${r.text}`);
  });

  test("a broken rule stands in the plan, which cannot be applied", async () => {
    const r = await up(profile('<vnic name="n"><vlans><vlan network="nowhere"/></vlans></vnic>'));
    assert.equal(r.status, 201, r.text);
    assert.equal(r.body.plan.applicable, false);
    assert.ok(r.body.plan.checks.some((c) => c.severity === "B" && c.code === "NetworkMissing"));
    assert.equal((await house.post(`/plans/${r.body.plan.id}:apply`, {})).status, 422);
  });

  test("a dry run keeps nothing; other modes and parameters are told", async () => {
    const r = await up(profile(""), "?mode=merge&dryRun=true");
    assert.equal(r.status, 200, r.text);
    assert.equal(r.body.plan.diff.length, 1);
    assert.deepEqual([r.body.id, r.body.plan.id], [null, null]);
    assert.equal((await up(profile(""), "?mode=replace")).status, 400, "a scope is needed");
    assert.equal((await up(profile(""), "?mode=wild")).status, 400);
    assert.equal((await up(profile(""), "?bogus=1")).status, 400);
    assert.equal((await house.post("/imports", profile(""), { type: "text/plain" })).status, 415);
    assert.equal((await house.post("/imports", profile(""), { ...XML, token: null })).status, 401);
    assert.equal((await house.post("/imports", Buffer.alloc((32 << 20) + 1, 32), XML)).status, 413);
  });

  test("the reader may be killed: the next document starts another", async () => {
    const children = readFileSync(`/proc/${house.polyrootd.pid}/task/${house.polyrootd.pid}/children`, "utf8")
      .trim().split(" ").filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "polyroot-xml");
    assert.equal(children.length, 1, "polyrootd has one reader");
    assert.ok(readdirSync(`/proc/${children[0]}/fd`).length <= 5);
    process.kill(Number(children[0]), "SIGKILL");
    // The first may still meet the dead one.
    const first = await up(profile(""));
    assert.ok([201, 503].includes(first.status), first.text);
    assert.equal((await up(profile(""))).status, 201);
  });
});
