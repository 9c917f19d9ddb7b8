// A spare takes over, two profiles change places, and a job is cancelled: by hand.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "web");
  await nicAt(h.house, 6, 130, "db");
});
after(() => h?.leave());

async function openMove(ui, slot) {
  await ui.slot(slot).focus();
  await ui.page.keyboard.press("m");
  await ui.dialog.getByRole("radio").first().waitFor();
}

async function accept(ui, button) {
  await ui.dialog.locator(".plan-say").waitFor();
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  const typed = ui.dialog.getByLabel(/^Type .* to confirm$/);	// several slots are stopped
  if (await typed.count()) await typed.fill((await ui.dialog.getByText(/^Type .* to confirm$/).innerText()).replace(/^Type (.*) to confirm$/, "$1"));
  await ui.button(button, ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
}

const slotOf = async (name) => (await h.house.must(200, "GET", `/profiles/${name}`)).slot;
const settled = async () => {
  const { items } = await h.house.must(200, "GET", "/jobs?limit=1");
  return h.house.jobEnds(items[0].id);
};

test("the best spare comes first; one that does not fit says why", async () => {
  for (const n of [12, 14]) await h.house.patch(`/slots/${n}`, { isSpare: true });
  await h.house.ctl("unplug", "slot", 12);
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  await openMove(ui, 3);
  const first = ui.dialog.getByRole("listitem").first();
  await first.getByText("Slot 14").waitFor();
  assert.match(await first.innerText(), /x8, .*Mb\/s/);
  const out = ui.dialog.getByRole("radio", { name: /^Slot 12 / });
  assert.ok(await out.isDisabled());
  assert.match(await ui.dialog.getByRole("listitem").filter({ hasText: "Slot 12" }).innerText(), /cannot take over: has no link/);
  await ui.shot("spare-choose");
  await ui.button("Review the plan", ui.dialog).click();
  await ui.dialog.locator(".plan-say").waitFor();
  await ui.shot("spare-plan");
  await ui.dialog.getByText("ServerRunning").first().waitFor();
  await accept(ui, "Move web to slot 14");
  assert.equal((await settled()).state, "applied");
  assert.equal(await slotOf("web"), 14);
  const left = await h.house.must(200, "GET", "/slots/3");
  assert.equal(left.adminState, "maintenance");
});

test("two profiles change places", async () => {
  const ui = await h.signIn();
  await ui.slotSays(6, "Bound");
  await openMove(ui, 6);
  await ui.dialog.getByRole("radio", { name: /^Slot 14 / }).check();
  await ui.shot("spare-swap");
  await ui.button("Review the plan", ui.dialog).click();
  await ui.dialog.locator(".plan-say").waitFor();
  await ui.shot("spare-swapplan");
  await accept(ui, "Swap db and web");
  assert.equal((await settled()).state, "applied");
  assert.deepEqual([await slotOf("web"), await slotOf("db")], [6, 14]);
});

test("what shall happen when its server fails is edited on the profile's page", async () => {
  const ui = await h.signIn();
  await ui.go("/profiles/db");
  const card = ui.page.locator("section.card", { hasText: "If its server fails" });
  await card.getByText("people decide").waitFor();
  await ui.button("Edit", card).click();
  await ui.dialog.getByLabel("Policy").selectOption("observe");
  await ui.dialog.getByLabel("Gone for so many seconds first").fill("90");
  await ui.shot("spare-policy");
  await ui.button("Review the plan", ui.dialog).click();
  await accept(ui, "Keep this policy");
  await card.getByText("its server is gone for 90 s; at most once in an hour").waitFor();
  await ui.shot("spare-profile");
  assert.deepEqual((await h.house.must(200, "GET", "/profiles/db")).failover, { trigger: "observe", hold: "PT1M30S", cooldown: "PT1H" });
});

test("a job that takes its time is cancelled on its page", async () => {
  const from = await slotOf("web");
  const ui = await h.signIn();
  await ui.go("/jobs");
  await ui.page.getByRole("heading", { name: "Jobs" }).waitFor();
  await h.house.ctl("delay", "prepare", 20000);
  const { body } = await h.house.post("/profiles/web:move", { slot: 8 });
  await ui.page.getByRole("link", { name: body.job, exact: true }).click();
  const button = ui.page.getByRole("button", { name: "Cancel job" });
  await button.click();
  await ui.page.getByRole("alert").getByText("Cancelled", { exact: true }).waitFor();
  await ui.shot("spare-cancel");
  const job = await h.house.jobEnds(body.job);
  await h.house.ctl("delay", "prepare", 0);
  assert.deepEqual([job.state, job.error.code], ["rolledBack", "Cancelled"]);
  assert.equal(await slotOf("web"), from);
  await button.waitFor({ state: "detached" });
});
