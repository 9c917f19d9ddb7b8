// Documents in, whole: kept, mapped, chosen about, planned again, applied; and the declarative way.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House } from "./lib.mjs";

const XML = { type: "application/xml" };
const doc = (inside, kind = "logical") =>
  `<applianceConfig xmlns="urn:polyroot:config:1" schemaVersion="1.0" kind="${kind}">${inside}</applianceConfig>`;
const nic = (name, network, more = "") =>
  `<vnic name="${name}"><mac source="pool"/>${more}<vlans><vlan network="${network}"/></vlans></vnic>`;

// What a small site is made of.
const site = doc(`<chassis>
  <slot number="1" label="rack 4, U12" adminState="enabled"/><slot number="2" isSpare="true"/>
  <port name="io1/1" reservePct="10" oversubscribe="warn"/></chassis>
<networks><ethernet name="mgmt" vlan="10" isolation="isolated"><allowedPorts><port name="io1/1"/><port name="io2/1"/></allowedPorts></ethernet>
  <ethernet name="prod" vlan="120"/><san name="fab-a" fabric="A"/></networks>
<qosClasses><qosClass name="gold" limitMbps="4000" pcp="3"/></qosClasses>
<pools><pool name="site" type="mac" quarantine="PT1H"><block from="02:AA:00:00:00:00" to="02:AA:00:00:00:FF"/>
  <exclusion from="02:AA:00:00:00:00" to="02:AA:00:00:00:0F"/></pool></pools>
<profiles>
  <profile name="esx-01"><vnic name="up"><mac source="pool" pool="site"/><vlans mode="trunk"><vlan network="mgmt" native="true"/>
    <vlan network="prod"/></vlans><qos class="gold"/></vnic><assignment slot="1"/></profile>
  <profile name="esx-02">${nic("up", "prod")}</profile></profiles>`);

describe("imports", () => {
  let house;
  const up = (xml, query = "mode=merge", more = {}) => house.post(`/imports?${query}`, xml, { ...XML, ...more });
  const generation = async () => (await house.must(200, "GET", "/appliance")).generation;
  const made = async (xml, query) => {
    const r = await up(xml, query);
    assert.equal(r.status, 201, r.text);
    return r.body;
  };
  const apply = async (plan, confirm = []) => {
    const r = await house.post(`/plans/${plan.id}:apply`, { confirm });
    assert.ok([201, 202].includes(r.status), r.text);
    if (r.status === 202) assert.equal((await house.jobEnds(r.body.job.id)).state, "applied");
  };
  const names = async (path) => (await house.must(200, "GET", path)).items.map((o) => o.name).sort();
  const put = async (xml, query, headers = {}) =>
    house.call("PUT", `/config?${query}`, { body: xml, ...XML, headers: { "If-Match": "*", ...headers } });

  before(async () => {
    house = await new House({ name: "imports" }).start();
  });
  after(() => house?.stop());

  test("a site: every section, one plan, one job; again: nothing", async () => {
    const i = await made(site);
    assert.equal(i.plan.applicable, true, JSON.stringify(i.plan.checks));
    assert.deepEqual(i.conflicts.map((c) => [c.code, c.type, c.name, c.option]).filter((c) => c[0] !== "NetworkMissing"),
      [["PoolMissing", "pool", "site", "create"]]);
    assert.ok(i.conflicts.every((c) => !c.open && c.severity === null));
    await apply(i.plan, i.plan.checks.filter((c) => c.severity === "C").map((c) => c.code));
    assert.deepEqual(await names("/networks"), ["mgmt", "prod"]);
    assert.deepEqual(await names("/profiles"), ["esx-01", "esx-02"]);
    assert.equal((await house.must(200, "GET", "/slots/1")).label, "rack 4, U12");
    assert.equal((await house.must(200, "GET", "/slots/2")).isSpare, true);
    assert.equal((await house.must(200, "GET", "/ports/io1/1")).reservePct, 10);
    const { vnics: [up0], slot } = await house.must(200, "GET", "/profiles/esx-01");
    assert.equal(slot, 1);
    assert.equal(up0.mac, "02:AA:00:00:00:10", "not an excluded one");
    assert.equal((await house.server(1)).functions.find((f) => f.mac).mac, up0.mac);
    const again = await made(site);
    assert.deepEqual([again.plan.diff, again.plan.steps, again.conflicts], [[], [], []]);
  });

  test("it is kept, listed, shown, and forgotten", async () => {
    const i = await made(site);
    const { items } = await house.must(200, "GET", "/imports");
    assert.equal(items[0].id, i.id);
    assert.equal(items[0].plan, i.plan.id);
    assert.equal(items[0].kind, "logical");
    const one = await house.must(200, "GET", `/imports/${i.id}`);
    assert.deepEqual(one, i);
    assert.ok(Date.parse(one.expiresAt) - Date.parse(one.createdAt) === 14 * 86400e3);
    await house.must(200, "DELETE", `/imports/${i.id}`);
    assert.equal((await house.get(`/imports/${i.id}`)).status, 404);
    assert.equal((await house.get(`/plans/${i.plan.id}`)).status, 404);
  });

  test("no more than twenty are kept: the oldest goes", async () => {
    const first = await made(site);
    for (let n = 0; n < 20; n++) await made(doc(`<networks><ethernet name="n${n}" vlan="${500 + n}"/></networks>`));
    const { items } = await house.must(200, "GET", "/imports");
    assert.equal(items.length, 20);
    assert.equal((await house.get(`/imports/${first.id}`)).status, 404);
  });

  test("a choice is asked for by conflict or by row, and taken back by an empty one", async () => {
    const i = await made(doc('<networks><ethernet name="prod" vlan="121"/></networks>'));
    assert.deepEqual(i.conflicts.map((c) => [c.code, c.severity, c.open, c.option]), [["NetworkDiffers", "B", true, "refuse"]]);
    assert.deepEqual(i.conflicts[0].options.map((o) => o.option), ["refuse", "keepLocal", "useImported", "mapTo"]);
    assert.equal(i.plan.applicable, false);
    const refused = await house.post(`/plans/${i.plan.id}:apply`, {});
    assert.equal(refused.status, 422, refused.text);
    const choose = (option, conflict = i.conflicts[0].id, value) =>
      house.call("PATCH", `/imports/${i.id}`, { body: { choices: [{ conflict, option, value }] } });
    const used = await choose("useImported");
    assert.equal(used.status, 200, used.text);
    assert.equal(used.body.conflicts[0].severity, "C");
    assert.deepEqual(used.body.plan.diff.map((d) => [d.name, d.fields[0].name, d.fields[0].after]), [["prod", "vlan", 121]]);
    assert.ok(used.body.plan.steps.length > 0, "its vNICs change with it");
    const kept = await choose("keepLocal", "NetworkDiffers");
    assert.equal(kept.body.conflicts[0].option, "useImported", "the one goes before the row");
    const back = await choose("", i.conflicts[0].id);
    assert.deepEqual([back.body.conflicts[0].option, back.body.plan.diff], ["keepLocal", []]);
    for (const bad of [["mapTo"], ["fly"], ["keepLocal", "c00000000"]]) {
      const r = await choose(...bad);
      assert.equal(r.status, 422, r.text);
      assert.equal(r.body.code, "ChoiceUnknown");
    }
    assert.deepEqual((await house.must(200, "GET", `/imports/${i.id}`)).plan.id, back.body.plan.id, "a refused one changed nothing");
  });

  test("a map leads names of the document to names that are here", async () => {
    const i = await made(doc(`<profiles><profile name="web">${nic("n", "lan")}</profile></profiles>`, "profile"));
    assert.equal(i.conflicts[0].code, "NetworkMissing");
    const p = await house.must(200, "PATCH", `/imports/${i.id}`, { map: { networks: { lan: "prod" }, profiles: { web: "dr-web" } } });
    assert.deepEqual(p.conflicts, []);
    assert.deepEqual(p.map, { networks: { lan: "prod" }, profiles: { web: "dr-web" } });
    await apply(p.plan);
    const made1 = await house.must(200, "GET", "/profiles/dr-web");
    assert.deepEqual(made1.vnics[0].networks, ["prod"]);
    const wrong = await house.must(200, "PATCH", `/imports/${i.id}`, { map: { networks: { lan: "nowhere" } } });
    assert.deepEqual(wrong.conflicts.map((c) => [c.code, c.open]), [["NetworkMissing", true]]);
    const bad = await house.call("PATCH", `/imports/${i.id}`, { body: { map: { planets: {} } } });
    assert.equal(bad.status, 400, bad.text);
  });

  test("some of its profiles, with what they need and nothing else", async () => {
    const two = doc(`<networks><ethernet name="lab" vlan="300"/><ethernet name="other" vlan="301"/></networks><profiles>
      <profile name="a">${nic("n", "lab")}</profile><profile name="b">${nic("n", "other")}</profile></profiles>`);
    const i = await made(two, "mode=merge&select=a");
    assert.deepEqual(i.plan.diff.filter((d) => d.op === "add").map((d) => d.name).sort(), ["a", "lab", "n"]);
    const none = await made(two, "mode=merge&select=a,zz").catch((e) => e);
    assert.ok(none instanceof Error || !none.plan.applicable);
  });

  test("clone: the same shape, other ids and addresses, at no slot", async () => {
    const xml = (await house.get("/profiles/esx-01", { headers: { Accept: "application/xml" } })).text;
    const i = await made(xml, "mode=clone");
    assert.deepEqual(i.conflicts.map((c) => [c.code, c.open, c.options.map((o) => o.option)]),
      [["ProfileNameTaken", true, ["refuse", "skip", "rename"]]]);
    const p = await house.must(200, "PATCH", `/imports/${i.id}`,
      { choices: [{ conflict: "ProfileNameTaken", option: "rename", value: "{name}-copy" }] });
    await apply(p.plan);
    const [was, is] = [await house.must(200, "GET", "/profiles/esx-01"), await house.must(200, "GET", "/profiles/esx-01-copy")];
    assert.equal(is.slot, null);
    assert.notEqual(is.id, was.id);
    assert.notEqual(is.vnics[0].id, was.vnics[0].id);
    assert.notEqual(is.vnics[0].mac, was.vnics[0].mac);
    assert.equal(is.vnics[0].macPool, was.vnics[0].macPool);
    assert.deepEqual(is.vnics[0].networks, was.vnics[0].networks);
  });

  test("identities=new: a drill takes no address of the document", async () => {
    const xml = doc(`<profiles><profile name="drill"><identity systemUuid="0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01"/><vnic name="n">
      <mac source="static" value="02:BB:00:00:00:01"/><vlans><vlan network="prod"/></vlans></vnic></profile></profiles>`);
    const i = await made(xml, "mode=merge&identities=new");
    await apply(i.plan);
    const p = await house.must(200, "GET", "/profiles/drill");
    assert.notEqual(p.vnics[0].mac, "02:BB:00:00:00:01");
    assert.notEqual(p.systemUuid, "0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01");
    assert.match(p.systemUuid, /^[0-9a-f-]{36}$/);
  });

  test("replace removes within its scope only, and asks before a server loses its profile", async () => {
    const i = await made(doc(`<networks/><profiles><profile name="esx-02"/></profiles>`), "mode=replace&scope=profiles");
    assert.deepEqual(i.conflicts.filter((c) => c.severity === "C").map((c) => [c.code, c.name]), [["AssignedNotInDocument", "esx-01"]]);
    assert.ok(i.conflicts.filter((c) => c.code === "ProfileNotInDocument").length >= 2);
    assert.ok(!i.plan.diff.some((d) => d.type === "network"), "networks are out of the scope");
    const refused = await house.post(`/plans/${i.plan.id}:apply`, {});
    assert.equal(refused.status, 409, refused.text);
    assert.equal(refused.body.code, "ConfirmationNeeded");
    await apply(i.plan, i.plan.checks.map((c) => c.code));
    assert.deepEqual(await names("/profiles"), ["esx-02"]);
    assert.deepEqual((await house.must(200, "GET", "/profiles/esx-02")).vnics, [], "its devices were not in the document");
    assert.deepEqual((await house.server(1)).functions, []);
    assert.deepEqual(await names("/networks"), ["mgmt", "prod"]);
  });

  test("PUT /config makes it as the document says, and says when there is nothing to do", async () => {
    assert.equal((await house.call("PUT", "/config?scope=all", { body: site, ...XML })).status, 428);
    assert.equal((await put(site, "scope=all", { "If-Match": '"1"' })).status, 412);
    assert.equal((await put(site, "")).status, 400, "the scope is declared");
    const before = await generation();
    const dry = await put(site, "scope=all&dryRun=true");
    assert.equal(dry.status, 200, dry.text);
    assert.equal(dry.body.plan.applicable, true, JSON.stringify(dry.body.plan.checks));
    assert.equal(dry.body.plan.id, null);
    assert.equal(await generation(), before);
    const needs = dry.body.plan.checks.filter((c) => c.severity === "C").map((c) => c.code);
    const done = await put(site, `scope=all${needs.length ? `&confirm=${needs}` : ""}`);
    assert.equal(done.status, 202, done.text);
    assert.equal((await house.jobEnds(done.body.job.id)).state, "applied");
    assert.equal((await house.must(200, "GET", "/profiles/esx-01")).slot, 1);
    const again = await put(site, "scope=all");
    assert.equal(again.status, 200, again.text);
    assert.equal(again.body.job, null);
    const refused = await put(doc('<profiles><profile name="esx-02" id="0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01"/></profiles>'), "scope=profiles");
    assert.equal(refused.status, 422, refused.text);
    assert.ok(refused.body.errors.some((e) => e.code === "ProfileNameTaken"));
  });

  test("sixteen slots at once: more steps of one level than the engine remembers verbs", async () => {
    const slots = [...Array(14).keys()].map((i) => i + 3);
    const many = doc(`<profiles>${slots.map((n) => `<profile name="many-${n}">${[..."abcdefg"].map((c) => nic(c, "prod")).join("")}
      <assignment slot="${n}"/></profile>`).join("")}</profiles>`);
    const i = await made(many);
    assert.equal(i.plan.steps.length, 14 * 7 * 2, JSON.stringify(i.plan.checks));
    await apply(i.plan, i.plan.checks.filter((c) => c.severity === "C").map((c) => c.code));
    for (const n of slots) assert.equal((await house.server(n)).functions.length, 7);
    assert.equal((await house.ctl("violations")).count, 0);
    const again = await made(many);
    assert.deepEqual([again.plan.diff, again.plan.steps], [[], []]);
  });

  test("the whole configuration, down and up: nothing changes, in any mode and scope", async () => {
    const down = async () => (await house.get("/config", { headers: { Accept: "application/xml" } })).text;
    const xml = await down();
    assert.match(xml, /kind="logical"/);
    for (const query of ["mode=merge", "mode=replace&scope=all", "mode=replace&scope=profiles", "mode=merge&identities=new"]) {
      const i = await made(xml, query);
      assert.deepEqual([i.plan.diff, i.plan.steps, i.conflicts], [[], [], []], query);
      assert.deepEqual(i.plan.checks.filter((c) => c.severity !== "W"), [], query);
    }
    const nothing = await put(xml, "scope=all");
    assert.deepEqual([nothing.status, nothing.body?.job], [200, null], nothing.text);
    await house.must(201, "POST", "/networks", { name: "late", vlan: 900 });
    await house.must(200, "PATCH", "/networks/mgmt", { mtuMax: 8000 });
    const back = await made(xml, "mode=replace&scope=all");
    assert.deepEqual(back.conflicts.map((c) => [c.code, c.name, c.severity]), [["ObjectNotInDocument", "late", "W"]]);
    assert.equal(back.plan.checks.find((c) => c.code === "OlderThanCurrent")?.severity, "C");
    await apply(back.plan, ["OlderThanCurrent"]);
    const body = (text) => text.replace(/<origin[^>]*>/, "").replace(/<integrity>[^]*/, "").replace(/ revision="\d+"/g, "");
    assert.equal(body(await down()), body(xml));
  });

  test("what something else changes meanwhile makes its plan stale", async () => {
    const i = await made(doc('<networks><ethernet name="prod" vlan="120" mtuMax="4000"/></networks>'));
    await house.must(200, "PATCH", "/networks/prod", { isolation: "isolated" });
    const r = await house.post(`/plans/${i.plan.id}:apply`, {});
    assert.equal(r.status, 412, r.text);
    assert.equal(r.body.code, "StalePlan");
    assert.ok(r.body.plan);
  });
});
