// A card that nobody shares: from the menu of a slot to the server's bus, and what
// the page says of a server that does not see it yet.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home } from "./lib.mjs";

let h;
before(async () => { h = await home({ chassis: "mixed-5" }); });
after(() => h?.leave());

async function openDialog(ui, slot) {
  await ui.slot(slot).click();
  await ui.button("More actions", ui.panel).click();
  await ui.page.getByRole("menuitem", { name: "Add a card…" }).click();
  await ui.dialog.locator(".say").waitFor();
}

test("a drive by itself, to a server that runs", async () => {
  const ui = await h.signIn();
  await openDialog(ui, 1);
  await ui.accessible("add a card");
  await ui.shot("add-card");
  await ui.button("Add card to slot 1", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(1, "Bound");
  await ui.panel.getByText("whole card").waitFor();
  await ui.panel.getByText("Seen by server").waitFor();
  await ui.shot("slot-card");
  const [f] = (await h.house.server(1)).functions;
  assert.equal(f.id, "8086:0953");
});

test("a server without room is asked about, and sees it after a reboot", async () => {
  const ui = await h.signIn();
  await openDialog(ui, 4);
  await ui.page.getByLabel("Card", { exact: true }).selectOption("io3");
  await ui.dialog.getByText(/only after a reboot/).waitFor();
  await ui.shot("add-card-reboot");
  for (const box of await ui.dialog.locator(".note").getByRole("checkbox").all()) await box.check();
  await ui.button("Add card to slot 4", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(4, "Bound");
  await ui.panel.getByText("Seen after a reboot").waitFor();
  assert.equal((await h.house.server(4)).functions.length, 0);
  await h.house.ctl("power", "slot", 4, "off");
  await h.house.ctl("power", "slot", 4, "on");
  await ui.panel.getByText("Seen by server").waitFor();
  assert.deepEqual((await h.house.server(4)).functions.map((f) => f.function), ["io3.1.pf0", "io3.2.pf0"]);
});

test("the profile and the hardware page name it", async () => {
  const ui = await h.signIn();
  await ui.go("/profiles/slot-4");
  await ui.page.getByText("whole card").waitFor();
  await ui.shot("profile-card");
  await ui.go("/hardware");
  await ui.page.getByText("NVMe", { exact: true }).waitFor();
  assert.equal(await ui.page.getByText("whole only").count(), 2);
  const forwarding = (port) => ui.page.locator("tr", { has: ui.page.getByText(port, { exact: true }) }).locator("td").nth(4).textContent();
  assert.equal(await forwarding("io1/1"), "veb");
  assert.equal(await forwarding("io3/1"), "");	// SCSI forwards no frames
  await ui.accessible("hardware");
});
