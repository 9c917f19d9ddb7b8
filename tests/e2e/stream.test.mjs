// Truth and its age: live while the server speaks, amber when it is silent.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => { h = await home(); });
after(() => h?.leave());

test("what somebody else does shows without a reload", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Empty");
  await nicAt(h.house, 3, 120, "web");
  await ui.slotSays(3, "Bound");
  await h.house.ctl("unplug", "slot", "3");
  await ui.page.locator('li[data-slot="3"] .lk', { hasText: "off" }).waitFor();
  await h.house.ctl("plug", "slot", "3");
  await ui.page.locator('li[data-slot="3"] .lk', { hasText: "x8" }).waitFor();
});

test("silence of more than five seconds: banner, grey, nothing called bound; then live again", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  await ui.page.getByText(/^Live, /).waitFor();
  const t0 = Date.now();
  process.kill(h.house.polyrootd.pid, "SIGSTOP");
  try {
    await ui.page.getByRole("alert").getByText(/^Connection lost/).waitFor({ timeout: 9000 });
    const took = Date.now() - t0;
    assert.ok(took > 2900 && took < 7500, `${took} ms after a tick that was up to 2 s old`);
    assert.equal(await ui.page.getByText(/^Live, /).count(), 0);
    assert.equal(await ui.page.locator("li.slot .state.bound").count(), 0, "never frozen green");
    await ui.slotSays(3, "Was bound");
    await ui.shot("lost");
    await ui.accessible("lost");
  } finally {
    process.kill(h.house.polyrootd.pid, "SIGCONT");
  }
  await ui.slotSays(3, "Bound");
  await ui.page.getByText(/^Live, /).waitFor();
  assert.equal(await ui.page.getByText(/^Connection lost/).count(), 0);
});

test("a session that ended is taken up again in place", async () => {
  const ui = await h.signIn();
  await ui.slot(5).click();
  await ui.button("Add NIC", ui.panel).click();
  await ui.page.getByRole("combobox", { name: "Network" }).fill("500");
  await ui.dialog.locator(".macs .addr").waitFor();
  await ui.context.clearCookies();
  await ui.dialog.first().getByLabel("Name", { exact: true }).fill("kept");
  const again = ui.page.getByRole("dialog", { name: "Your session has ended" });
  await again.waitFor();
  await again.getByLabel("Password").fill(h.house.password);
  await ui.button("Sign in", again).click();
  await again.waitFor({ state: "detached" });
  assert.equal(await ui.dialog.getByLabel("Name", { exact: true }).inputValue(), "kept", "what was typed is still there");
});

test("signing out ends it: the next page is the gate", async () => {
  const ui = await h.signIn();
  await ui.page.getByRole("button", { name: /Account of admin/ }).click();
  await ui.page.getByRole("menuitem", { name: "Sign out" }).click();
  await ui.page.getByLabel("Password").waitFor();
});
