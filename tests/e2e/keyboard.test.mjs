// The whole main job without a mouse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home } from "./lib.mjs";

let h;
before(async () => { h = await home(); });
after(() => h?.leave());

/** Tab until the focus is on what is asked for; -> how often. */
async function tabTo(ui, what, most = 40) {
  for (let i = 0; i <= most; i++) {
    if (await what.evaluate((el) => el === document.activeElement).catch(() => false)) return i;
    await ui.page.keyboard.press("Tab");
  }
  assert.fail(`Tab never came to ${what}`);
}

test("login to a bound vNIC, by keys only", async () => {
  const ui = await h.open();
  const k = ui.page.keyboard;
  await tabTo(ui, ui.page.getByLabel("Password"));
  await k.type(h.house.password);
  await k.press("Enter");
  await ui.slot(1).waitFor();

  await tabTo(ui, ui.slot(1));
  await k.press("ArrowRight");
  await k.press("ArrowRight");
  assert.ok(await ui.slot(3).evaluate((el) => el === document.activeElement), "arrows walk from slot to slot");
  await k.press("ArrowDown");
  assert.ok(await ui.slot(11).evaluate((el) => el === document.activeElement), "and from row to row");
  await k.press("ArrowUp");
  await ui.shot("keyboard-focus");
  await k.press("Enter");
  await ui.panel.waitFor();

  await tabTo(ui, ui.button("Add NIC", ui.panel));
  await k.press("Enter");
  await ui.dialog.waitFor();
  await k.type("120");
  await ui.dialog.locator(".macs .addr").waitFor();
  const mac = await ui.dialog.locator(".macs .addr").first().innerText();
  await k.press("Enter");		// takes the network
  await ui.dialog.locator(".chip").waitFor();
  await tabTo(ui, ui.button("Add NIC to slot 3", ui.dialog));
  await k.press("Enter");
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(3, "Bound");
  assert.deepEqual((await h.house.server(3)).functions.map((f) => f.mac), [mac]);
  assert.ok(await ui.button("Add NIC", ui.panel).evaluate((el) => el === document.activeElement), "the focus comes back to where it was");
});

test("a dialog keeps the focus, and Escape gives it back", async () => {
  const ui = await h.signIn();
  await ui.slot(3).focus();
  await ui.page.keyboard.press("Enter");
  const add = ui.button("Add HBA", ui.panel);
  await add.focus();
  await ui.page.keyboard.press("Enter");
  await ui.dialog.waitFor();
  for (let i = 0; i < 30; i++) {
    await ui.page.keyboard.press("Tab");
    assert.ok(await ui.page.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog") != null), `after ${i + 1} tabs`);
  }
  await ui.dialog.getByLabel("Name").focus();
  await ui.page.keyboard.press("Escape");
  await ui.dialog.waitFor({ state: "detached" });
  assert.ok(await add.evaluate((el) => el === document.activeElement));
  await ui.page.keyboard.press("Escape");
  await ui.panel.waitFor({ state: "detached" });
  assert.ok(await ui.slot(3).evaluate((el) => el === document.activeElement), "the panel's tile");
});

test("a menu walks with arrows and closes with Escape", async () => {
  const ui = await h.signIn();
  await ui.slot(3).click();
  const more = ui.button("More actions", ui.panel);
  await more.focus();
  await ui.page.keyboard.press("Enter");
  const items = ui.page.getByRole("menuitem");
  assert.ok(await items.first().evaluate((el) => el === document.activeElement));
  await ui.page.keyboard.press("ArrowUp");
  assert.ok(await items.last().evaluate((el) => el === document.activeElement));
  await ui.page.keyboard.press("Escape");
  await ui.page.getByRole("menu").waitFor({ state: "detached" });
  assert.ok(await more.evaluate((el) => el === document.activeElement));
  await ui.panel.waitFor();
});

test("l blinks the slot, and again stops it", async () => {
  const ui = await h.signIn();
  await ui.slot(3).focus();
  await ui.page.keyboard.press("l");
  await ui.page.locator('li[data-slot="3"].blink').waitFor();
  await ui.page.keyboard.press("l");
  await ui.page.locator('li[data-slot="3"].blink').waitFor({ state: "detached" });
});

test("the skip link is first, and skips", async () => {
  const ui = await h.signIn();
  await ui.page.reload();
  await ui.slot(3).waitFor();
  await ui.page.evaluate(() => document.activeElement?.blur?.());
  await ui.page.getByText("Skip to content").focus();
  await ui.page.keyboard.press("Enter");
  assert.equal(await ui.page.evaluate(() => document.activeElement.id), "main");
});
