// The main job: from login to a vNIC that is bound, verified, and seen by one
// server and no other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home } from "./lib.mjs";

let h;
before(async () => { h = await home(); });
after(() => h?.leave());

/** Slot n gets a vNIC on a VLAN that no network has; -> the MAC shown before apply. */
async function addNic(ui, n, vlan) {
  ui.count = 0;
  await ui.click(ui.slot(n));
  await ui.click(ui.button("Add NIC", ui.panel));
  await ui.type(ui.page.getByRole("combobox", { name: "Network" }), String(vlan));
  const mac = await ui.dialog.locator(".macs .addr").first().innerText();
  assert.match(mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/, "the MAC is shown before anything is applied");
  await ui.shot(`add-nic-${n}`);
  await ui.click(ui.button(`Add NIC to slot ${n}`));
  await ui.dialog.waitFor({ state: "detached" });
  assert.ok(ui.count <= 5, `${ui.count} interactions`);
  return mac;
}

/** Bound, verified: on the tile, in the panel, and on the server's own bus. */
async function isThere(ui, n, mac, vlan, ms = 30_000) {
  await ui.slotSays(n, "Bound", ms);
  await ui.panel.getByText(/^Verified \d+ s ago$/).first().waitFor();
  await ui.panel.getByText(mac, { exact: true }).waitFor();
  const mine = (await h.house.server(n)).functions;
  assert.deepEqual(mine.map((f) => [f.id.toLowerCase(), f.mac, f.vlans]), [["8086:10ed", mac, [vlan]]]);
  const others = (await h.house.seenByServers()).filter((f) => f.slot !== n && f.mac === mac);
  assert.deepEqual(others, [], "no other server sees it");
}

test("login, slot 3, VLAN 120: bound and verified with at most five interactions", async () => {
  const ui = await h.open();
  await ui.shot("login");
  await ui.page.getByLabel("Password").fill(h.house.password);
  await ui.button("Sign in").click();
  await ui.slot(3).waitFor();
  await ui.slotSays(3, "Empty");
  await ui.shot("rack-empty");
  const mac = await addNic(ui, 3, 120);
  await ui.shot("slot-3-binding");
  await isThere(ui, 3, mac, 120);
  await ui.shot("slot-3-bound");
  const nets = (await h.house.get("/networks")).body.items;
  assert.deepEqual(nets.map((x) => [x.name, x.vlan]), [["vlan-120", 120]]);
  assert.deepEqual((await h.house.get("/profiles")).body.items.map((p) => [p.name, p.slot]), [["slot-3", 3]]);
});

test("a bind of 15 s still ends within 60 s of login, and survives a reload", async () => {
  await h.house.ctl("delay", "bind", 15000);
  const start = Date.now();
  const ui = await h.signIn();
  const mac = await addNic(ui, 5, 121);
  await ui.slotSays(5, "Binding…");
  await ui.page.getByRole("contentinfo").getByText(/^Job \d+$/).first().waitFor();
  await ui.shot("job-strip");
  await ui.page.reload();
  await ui.slotSays(5, "Binding…");
  await isThere(ui, 5, mac, 121, 60_000);
  const took = Date.now() - start;
  assert.ok(took >= 15_000 && took < 60_000, `${took} ms`);
  await h.house.ctl("delay", "bind", 0);
});

test("the job page shows every step; undo is a plan first, and takes the device back", async () => {
  const ui = await h.signIn();
  const mac = await addNic(ui, 6, 122);
  await isThere(ui, 6, mac, 122);
  await ui.page.getByRole("status").getByRole("button", { name: "Details" }).click();
  await ui.page.locator(".page-h .state", { hasText: "Applied" }).waitFor();
  assert.ok(await ui.page.locator(".steps li.done").count() >= 2);
  await ui.shot("job");
  await ui.button("Undo", ui.page.locator(".page-h")).click();
  await ui.dialog.getByText("In plain words").or(ui.dialog.locator(".plan-say")).first().waitFor();
  await ui.shot("undo-plan");
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  const typed = ui.dialog.getByLabel(/^Type .* to confirm$/);
  if (await typed.count()) await typed.fill("slot 6");
  await ui.button("Undo", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.go("/");
  await ui.slotSays(6, "Empty");
  assert.deepEqual((await h.house.server(6)).functions, []);
});

test("a step that fails: rolled back, told why, nothing left on the bus", async () => {
  const ui = await h.signIn();
  await h.house.ctl("fault", "bind", "error", "before", 1);
  await addNic(ui, 8, 123);
  await ui.page.locator(".toast .state", { hasText: "Rolled back" }).waitFor();
  await ui.slotSays(8, "Empty");
  assert.deepEqual((await h.house.server(8)).functions, []);
  await ui.page.getByRole("status").getByRole("button", { name: "Details" }).click();
  await ui.page.locator(".steps li.bad").waitFor();
  await ui.page.getByRole("alert").getByText("StepFailed").waitFor();
  assert.equal(await ui.button("Undo", ui.page.locator(".page-h")).getAttribute("aria-disabled"), "true");
  await ui.shot("job-rolled-back");
  await ui.accessible("a job that was rolled back");
});

test("a cable that is pulled is a fault: on the bell, on the tile, on its page", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  await h.house.ctl("unplug", "slot", 3);
  await ui.page.getByRole("link", { name: "1 active fault" }).click();
  await ui.page.getByText("SlotLinkDown").waitFor();
  await ui.shot("faults-one");
  await ui.accessible("faults");
  await ui.button("Acknowledge").click();
  await ui.page.getByText("No active faults", { exact: true }).waitFor();
  await ui.page.getByText("Acknowledged 1").click();
  await ui.page.getByText("seen by admin").waitFor();
  await ui.accessible("an acknowledged fault");
  await ui.page.locator("main").getByRole("link", { name: "Slot 3" }).click();
  await ui.panel.getByText(/cable of slot 3/).waitFor();
  await ui.accessible("a slot with a fault");
  await h.house.ctl("plug", "slot", 3);
  await ui.page.getByRole("link", { name: "No active faults" }).waitFor();
});

test("the first look: the rack soon, even beside other work, and nothing fetched from elsewhere", async () => {
  const ui = await h.signIn();
  const hosts = new Set();
  ui.page.on("request", (r) => hosts.add(new URL(r.url()).host));
  await ui.page.reload();
  await ui.slot(16).waitFor();
  const visible = await ui.page.evaluate(() => performance.now());
  assert.ok(visible < 5000, `${visible} ms`);
  assert.deepEqual([...hosts], [`127.0.0.1:${h.house.port}`]);
});

test("a wrong password says so, and nothing else", async () => {
  const ui = await h.open();
  await ui.page.getByLabel("Password").fill("not this one");
  await ui.button("Sign in").click();
  await ui.page.getByRole("status").getByText("User or password is wrong.").waitFor();
  assert.equal(await ui.page.getByLabel("Password").inputValue(), "");
});

test("the emulated chassis counted no violation", async () => {
  const v = await h.house.ctl("violations");
  assert.equal(v.count ?? v.total ?? v.violations?.length ?? v.items?.length ?? 0, 0, JSON.stringify(v));
});
