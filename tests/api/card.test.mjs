// A card is replaced by its successor, with polyrootd started again between all
// steps; the former one turns up in another bay as it was, and is wiped before
// anything is bound on it or with what it had.  The emulator's log is the proof.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { House, changing, until } from "./lib.mjs";
import { noViolation, TARGETS } from "./scenario.mjs";

const OLD = "RFC0608-3", NEW = "RFD1012-9";

describe("a QLE2462 is replaced by a QLE2562", () => {
  let house, its;

  before(async () => {
    house = await new House({ chassis: "vio-4001-fc4", name: "card" }).start();
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    for (const [name, slot] of [["db", 3], ["web", 5]]) {
      await house.must(201, "POST", "/profiles", { name });
      await house.must(201, "POST", `/profiles/${name}/vhbas`, { name: "fc0", san: "fab-a", bootTargets: TARGETS,
        placement: { module: "io3" } });
      await house.applied("POST", `/profiles/${name}:assign`, { slot });
    }
    await house.must(202, "POST", "/profiles/web/vhbas", { name: "fc1", san: "fab-a", placement: { module: "io4" } });
    await until("everything is bound", async () => (await house.seenByServers()).length === 3);
    its = await seen();
    assert.ok(its.every((f) => f.id === "1077:2432"));
  });
  after(() => house?.stop());

  // What servers see, but for the card's own id.
  const seen = async () => (await house.seenByServers())
    .map(({ slot, bridge, id, wwpn, wwnn, boot }) => ({ slot, bridge, id, wwpn, wwnn, boot }));
  const same = (a, b) => assert.deepEqual(a.map(({ id, ...rest }) => rest), b.map(({ id, ...rest }) => rest));

  async function again() {
    await house.polyrootd.kill("SIGKILL");
    await house.startPolyrootd();
    await house.ready();
  }

  const replacement = () => house.must(200, "GET", "/bays/3/replacement");
  const faults = async () => (await house.must(200, "GET", "/faults")).items.map((f) => f.code);

  test("whom it concerns, and the next step", async () => {
    const r = await replacement();
    assert.equal(r.former.model, "QLE2462");
    assert.equal(r.former.serial, OLD);
    assert.equal(r.same, true);
    assert.deepEqual(r.profiles.map((p) => [p.name, p.slot, p.losesAllPaths]), [["db", 3, true], ["web", 5, false]]);
    assert.equal(r.profiles[1].devices[0].secondPath, "fc1");
    assert.deepEqual(r.slots, [3, 5]);
    assert.equal(r.profiles[0].devices[0].address, its[0].wwpn);
    assert.deepEqual(r.next.map((n) => n.step), ["hold", "evacuate"]);
    await house.must(201, "POST", "/bays/3:hold", {});
    assert.deepEqual((await replacement()).next.map((n) => n.step), ["pull", "return"]);
    await again();
  });

  test("pulled: the servers lose it, nothing is given to anybody", async () => {
    await house.ctl("log", "clear");
    await house.ctl("pull", "bay", 3);
    await until("the bay is empty", async () => (await house.must(200, "GET", "/bays/3")).occupied === false);
    assert.equal((await seen()).length, 1);
    await again();
    const r = await replacement();
    assert.equal(r.present, null);
    assert.equal(r.service, "hold");
    assert.deepEqual(r.next.map((n) => n.step), ["insert"]);
    assert.deepEqual(changing((await house.ctl("log")).items), []);
  });

  test("a card of another class: nothing is bound on it", async () => {
    await house.ctl("insert", "bay", 3, "X520-SR2", "X520-NEW");
    await until("it is seen", async () => (await replacement()).present?.model === "X520-SR2");
    const r = await house.post("/bays/3:accept?confirm=ModuleMismatch", {});
    assert.equal(r.status, 422, r.text);
    assert.equal(r.body.errors[0].code, "CardRefused");
    assert.match(r.body.errors[0].detail, /fibre-channel.*ethernet/);
    assert.deepEqual((await replacement()).next.map((n) => n.step), ["insert"]);
    await until("a fault says so", async () => (await faults()).includes("ModuleMismatch"));
    assert.deepEqual(changing((await house.ctl("log")).items), []);
    await house.ctl("pull", "bay", 3);
    await again();
  });

  test("its successor: compared, and bound only when it is accepted", async () => {
    await house.ctl("insert", "bay", 3, "QLE2562", NEW);
    await again();
    await until("it is seen", async () => (await replacement()).present?.serial === NEW);
    const r = await replacement();
    assert.equal(r.sameClass, true);
    const differs = Object.fromEntries(r.differences.map((d) => [d.name, [d.before, d.after]]));
    assert.deepEqual(differs.model, ["QLE2462", "QLE2562"]);
    assert.deepEqual(differs.speedMbps, [4000, 8000]);
    assert.deepEqual(differs.pciId, ["1077:2432", "1077:2532"]);
    assert.match(r.server, /new PCI device id/);
    assert.deepEqual(r.next.map((n) => [n.step, n.confirm]), [["accept", ["ModuleMismatch"]]]);
    assert.deepEqual(changing((await house.ctl("log")).items), []);
    const no = await house.post("/bays/3:accept", {});
    assert.equal(no.status, 409, no.text);
    assert.equal(no.body.code, "ConfirmationNeeded");
    await house.applied("POST", "/bays/3:accept?confirm=ModuleMismatch", {});
    same(await seen(), its);
    assert.deepEqual((await seen()).map((f) => f.id), ["1077:2532", "1077:2532", "1077:2432"]);
    const bay = await house.must(200, "GET", "/bays/3");
    assert.deepEqual([bay.service, bay.accepted], ["none", `1077:2532 ${NEW}`]);
    await noViolation(house);
  });

  test("started again: nothing to do", async () => {
    await house.ctl("log", "clear");
    await again();
    await until("no fault is left", async () => !(await faults()).includes("ModuleMismatch"));
    assert.deepEqual(changing((await house.ctl("log")).items), []);
  });

  test("the former card in another bay has what it had, and is wiped first", async () => {
    await house.ctl("pull", "bay", 2);
    await house.polyrootd.kill("SIGKILL");
    await house.ctl("log", "clear");
    await house.ctl("insert", "bay", 2, "QLE2462", OLD);
    await house.startPolyrootd();
    await house.ready();
    // What db had on the old card moves to it: the same address, on that card.
    const move = () => house.call("PATCH", "/profiles/db/vhbas/fc0", { body: { placement: { module: "io2" } } });
    let r = await move();
    if (r.status === 409) {
      // It is being wiped just now: the answer names the job.
      assert.equal(r.body.code, "Held", r.text);
      await house.jobEnds(r.body.job.id);
      r = await move();
    }
    assert.equal(r.status, 202, r.text);
    const job = await house.jobEnds(r.headers.location.split("/").at(-1));
    assert.equal(job.state, "applied", JSON.stringify(job));
    const items = changing((await house.ctl("log")).items);
    const its2 = (i) => (i.functions?.[0] ?? i.function ?? "").startsWith("io2.");
    const first = (verb) => items.findIndex((i) => i.verb === verb && its2(i));
    const last = (verb) => items.findLastIndex((i) => i.verb === verb && its2(i));
    await until("both leftovers are wiped", async () =>
      changing((await house.ctl("log")).items).filter((i) => i.verb === "scrub" && its2(i)).length === 2);
    assert.ok(first("scrub") >= 0 && first("scrub") < first("prepare"), JSON.stringify(items));
    assert.ok(last("scrub") < first("bind"), JSON.stringify(items));
    const db = (await house.server(3)).functions;
    assert.equal(db.length, 1);
    assert.equal(db[0].id, "1077:2432");
    assert.equal(db[0].wwpn, its[0].wwpn);
    await noViolation(house);
  });
});

describe("a card is pulled without a word", () => {
  let house, wwpn;

  before(async () => {
    house = await new House({ chassis: "vio-4001-fc4", name: "pulled" }).start();
    await house.must(201, "POST", "/sans", { name: "fab-a" });
    await house.must(201, "POST", "/profiles", { name: "db" });
    await house.must(201, "POST", "/profiles/db/vhbas", { name: "fc0", san: "fab-a", bootTargets: TARGETS });
    await house.applied("POST", "/profiles/db:assign", { slot: 3 });
    wwpn = (await house.server(3)).functions[0].wwpn;
  });
  after(() => house?.stop());

  test("what it had is given to another card when it is known to be gone", async () => {
    await house.ctl("pull", "bay", 3);
    await until("it is missing", async () => (await house.must(200, "GET", "/faults")).items
      .some((f) => f.code === "ModuleMissing"));
    const no = await house.post("/bays/3:evacuate", {});
    assert.equal(no.status, 422, no.text);
    assert.ok(no.body.errors.some((e) => e.code === "CardUnaccounted"), no.text);
    await until("it is gone", async () => (await house.must(200, "GET", "/bays/3/replacement")).gone, 40_000);
    await house.applied("POST", "/bays/3:evacuate", {});
    const [f] = (await house.server(3)).functions;
    assert.deepEqual([f.wwpn, f.function.slice(0, 4), f.boot], [wwpn, "io4.", TARGETS]);
    await noViolation(house);
  });

  test("it comes back, polyrootd new to it: wiped, and nothing else is touched", async () => {
    await house.polyrootd.kill("SIGKILL");
    await house.ctl("log", "clear");
    await house.ctl("insert", "bay", 3, "QLE2462", OLD);
    await house.startPolyrootd();
    await house.ready();
    await until("it is wiped", async () => changing((await house.ctl("log")).items).some((i) => i.verb === "scrub"));
    const items = changing((await house.ctl("log")).items);
    assert.deepEqual([...new Set(items.map((i) => i.verb))], ["scrub"]);
    assert.equal((await house.server(3)).functions[0].wwpn, wwpn);
    await noViolation(house);
  });
});
