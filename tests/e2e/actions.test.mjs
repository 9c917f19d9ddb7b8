// What can be done from menus and small forms, each as a plan that is seen first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
let mac;
before(async () => {
  h = await home();
  ({ mac } = await nicAt(h.house, 3, 120, "web"));
});
after(() => h?.leave());

/** Looks at the plan, confirms what has to be confirmed, applies. */
async function accept(ui, button) {
  await ui.dialog.locator(".plan-say").waitFor();
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  const typed = ui.dialog.getByLabel(/^Type .* to confirm$/);
  if (await typed.count()) await typed.fill((await ui.dialog.getByText(/^Type .* to confirm$/).innerText()).replace(/^Type (.*) to confirm$/, "$1"));
  await ui.dialog.getByRole("button", { name: button }).click();
  await ui.dialog.waitFor({ state: "detached" });
}

async function choose(ui, slot, entry) {
  await ui.go(`/slots/${slot}`);
  await ui.button("More actions", ui.panel).click();
  await ui.page.getByRole("menuitem", { name: entry }).click();
}

const slot = async (n) => (await h.house.get(`/slots/${n}`)).body;

test("a label, a spare, maintenance and back", async () => {
  const ui = await h.signIn();
  await choose(ui, 5, "Label…");
  await ui.dialog.getByLabel("Label").fill("esx-05");
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, /^Label slot 5$/);
  await ui.panel.getByText("esx-05").waitFor();
  await choose(ui, 6, "Keep as spare…");
  await accept(ui, /spare: slot 6$/);
  await ui.slotSays(6, "Spare");
  await choose(ui, 6, "No longer spare…");
  await accept(ui, /spare: slot 6$/);
  await ui.slotSays(6, "Empty");
  await choose(ui, 7, "Set to maintenance…");
  await accept(ui, /maintenance: slot 7$/);
  await ui.slotSays(7, "Maintenance");
  await choose(ui, 7, "Enable…");
  await accept(ui, /^Enable slot 7$/);
  await ui.slotSays(7, "Empty");
  assert.equal((await slot(5)).label, "esx-05");
});

test("an HBA's WWPN is reserved for the zoning, and the stored plan applied later", async () => {
  const ui = await h.signIn();
  await ui.slot(8).click();
  await ui.button("Add HBA", ui.panel).click();
  await ui.page.getByRole("combobox", { name: "SAN" }).fill("fabric-a");
  const wwpn = await ui.dialog.locator(".macs .addr").first().innerText();
  await ui.button("Reserve for 7 days", ui.dialog).click();
  await ui.page.getByRole("heading", { name: "Stored plan" }).waitFor();
  const kept = await ui.page.locator(".macs .addr").first().innerText();
  assert.match(kept, /^([0-9A-F]{2}:){7}[0-9A-F]{2}$/);
  assert.equal(kept, wwpn, "what was shown is what is reserved");
  await ui.accessible("stored plan");
  await ui.shot("stored-plan");
  await ui.page.reload();
  await ui.page.getByRole("button", { name: /^Apply \d+ steps$/ }).click();
  await ui.page.locator(".page-h .state", { hasText: "Applied" }).waitFor();
  assert.deepEqual((await h.house.server(8)).functions.map((f) => f.wwpn), [kept]);
});

test("a profile is released, assigned again, and keeps its address", async () => {
  const ui = await h.signIn();
  await choose(ui, 3, "Release the profile…");
  await accept(ui, /^Release web$/);
  await ui.slotSays(3, "Empty");
  await ui.go("/profiles/web");
  await ui.page.locator(".page-h .state", { hasText: "Unassigned" }).waitFor();
  await ui.button("Assign to a slot…").click();
  await ui.dialog.getByRole("radio", { name: /^Slot 10 / }).check();
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, /^Assign web to slot 10$/);
  await ui.page.locator(".page-h .state", { hasText: "Bound in slot 10" }).waitFor();
  assert.deepEqual((await h.house.server(10)).functions.map((f) => f.mac), [mac]);
  await ui.shot("profile-assigned");
});

test("undo from the toast, as a plan", async () => {
  const ui = await h.signIn();
  await ui.slotSays(10, "Bound");
  await ui.slot(10).dragTo(ui.slot(11));
  await accept(ui, /^Move web to slot 11$/);
  await ui.slotSays(11, "Bound");
  const toast = ui.page.getByRole("status").locator(".toast");
  await toast.getByText("Applied").waitFor();
  await ui.button("Undo", toast).click();
  await accept(ui, /^Undo$/);
  await ui.slotSays(10, "Bound");
  await ui.slotSays(11, "Empty");
  assert.deepEqual((await h.house.server(10)).functions.map((f) => f.mac), [mac]);
});

test("isolate takes the slot off at once, after a plan", async () => {
  const ui = await h.signIn();
  await ui.go("/slots/10");
  await ui.button("Isolate", ui.panel).click();
  await accept(ui, /^Isolate slot 10$/);
  await ui.slotSays(10, "Disabled");
  assert.equal((await slot(10)).adminState, "disabled");
});

test("a profile, a network and a SAN from their own pages, and away again", async () => {
  const ui = await h.signIn();
  await ui.go("/profiles");
  await ui.button("New profile").first().click();
  await ui.dialog.getByLabel("Name").fill("made.by-hand");
  await ui.dialog.getByLabel("Description").fill("for a test");
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, /^Create profile$/);
  await ui.page.getByRole("heading", { name: "made.by-hand" }).waitFor();
  await ui.page.reload();		// a name with a dot is a page too
  await ui.page.getByRole("heading", { name: "made.by-hand" }).waitFor();
  await ui.button("More actions").click();
  await ui.page.getByRole("menuitem", { name: "Delete…" }).click();
  await accept(ui, /^Delete profile made.by-hand$/);
  await ui.page.getByRole("heading", { name: "Profiles" }).waitFor();
  await ui.go("/networks");
  await ui.button("Add network").first().click();
  await ui.dialog.getByLabel("Name").fill("lab");
  await ui.dialog.getByLabel("VLAN").fill("999");
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, /^Add network$/);
  await ui.button("Remove lab…").click();
  await accept(ui, /^Remove network lab$/);
  await ui.page.getByRole("cell", { name: "lab", exact: true }).waitFor({ state: "detached" });
  await ui.button("Add SAN").first().click();
  await ui.dialog.getByLabel("Name").fill("fabric-z");
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, /^Add SAN$/);
  await ui.page.getByRole("cell", { name: "fabric-z", exact: true }).waitFor();
});

test("somebody else was quicker: the new plan is shown, and applied only then", async () => {
  const ui = await h.signIn();
  await ui.slot(12).click();
  await ui.button("Add NIC", ui.panel).click();
  await ui.page.getByRole("combobox", { name: "Network" }).fill("777");
  const first = await ui.dialog.locator(".macs .addr").first().innerText();
  const other = await nicAt(h.house, 13, 778, "quick");
  assert.equal(other.mac, first, "the other one took the address that was shown");
  await ui.button("Add NIC to slot 12", ui.dialog).click();
  await ui.dialog.getByText(/^Something changed since/).waitFor();
  const second = await ui.dialog.locator(".macs .addr").first().innerText();
  assert.notEqual(second, first);
  await ui.shot("plan-changed");
  await ui.button("Add NIC to slot 12", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(12, "Bound");
  assert.deepEqual((await h.house.server(12)).functions.map((f) => f.mac), [second]);
});

// Neither way goes: the slot is held until somebody decides.
test("a rollback that failed is retried, or given up", async () => {
  const { house } = h;
  await nicAt(house, 14, 140, "stuck");
  const ui = await h.signIn();
  const state = (word) => ui.page.locator(".page-h .state", { hasText: new RegExp(`^${word}$`) }).waitFor();
  for (const to of [15, 16]) {
    await house.ctl("fault", "bind", "error", "before", 1000);
    const r = await house.post("/profiles/stuck:move", { slot: to });
    assert.equal(r.status, 202, r.text);
    const job = r.headers.location.split("/").at(-1);
    assert.equal((await house.jobEnds(job)).state, "rollbackFailed");
    await ui.go(`/jobs/${job}`);
    await state("Rollback failed");
    await ui.accessible("a failed rollback");
    if (to === 15) await ui.shot("rollback-failed");
    await house.ctl("fault", "bind", "none");
    if (to === 15) {
      await ui.button("Retry").click();
      await state("Rolled back");
      assert.deepEqual((await house.server(14)).functions.length, 1);
    } else {
      await ui.button("Abandon").click();
      await ui.button("Abandon it", ui.dialog).click();
      await ui.button("Retry").waitFor({ state: "detached" });
      assert.equal((await house.get(`/jobs/${job}`)).body.holds, false);
      await state("Rollback failed");
    }
    assert.equal(await ui.button("Abandon").count(), 0);
  }
});
