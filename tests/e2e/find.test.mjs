// One address, however it is said.
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

test("every spelling of one MAC, its first and its last digits, find the same row", async () => {
  const bare = mac.replaceAll(":", "");
  const spellings = [
    mac, mac.toLowerCase(), mac.replaceAll(":", "-"), mac.replaceAll(":", "-").toLowerCase(),
    bare.toLowerCase().match(/.{4}/g).join("."), bare, bare.toLowerCase(), `0x${bare}`,
    bare.slice(-4), bare.slice(-4).toLowerCase(), mac.slice(-5), bare.slice(-6), bare.slice(0, 8), mac.slice(0, 8),
  ];
  const ui = await h.signIn();
  await ui.page.keyboard.press("/");
  const box = ui.dialog.getByRole("combobox");
  for (const q of spellings) {
    await box.fill("");
    await box.fill(q);
    const row = ui.dialog.getByRole("group", { name: "Now" }).getByRole("option").filter({ hasText: mac });
    await row.waitFor();
    assert.match((await row.innerText()).replace(/\s+/g, " "), /slot 3 web net0/, q);
  }
  await ui.shot("find");
  await box.press("Enter");
  await ui.panel.getByRole("heading", { name: /^Slot 3/ }).waitFor();
});

test("names and numbers; nothing found says so", async () => {
  const ui = await h.signIn();
  await ui.page.keyboard.press("Control+k");
  const box = ui.dialog.getByRole("combobox");
  await box.fill("web");
  await ui.dialog.getByRole("group", { name: "By name" }).getByRole("option").filter({ hasText: "web" }).first().waitFor();
  await box.fill("ffff:ffff");
  await ui.dialog.getByText("Nothing has this.").waitFor();
  await box.press("Escape");
  await ui.dialog.waitFor({ state: "detached" });
});

test("an address is copied in the spelling that is asked for", async () => {
  const ui = await h.signIn();
  await ui.page.keyboard.press("/");
  await ui.dialog.getByRole("combobox").fill(mac);
  await ui.dialog.getByRole("option").filter({ hasText: "aabb.ccdd" }).click();
  await ui.dialog.waitFor({ state: "detached" });
  const want = mac.replaceAll(":", "").toLowerCase().match(/.{4}/g).join(".");
  assert.equal(await ui.page.evaluate(() => navigator.clipboard.readText()), want);
});

test("who had it before is still found after the device is gone", async () => {
  await h.house.applied("DELETE", "/profiles/web/vnics/net0");
  const ui = await h.signIn();
  await ui.page.keyboard.press("/");
  await ui.dialog.getByRole("combobox").fill(mac);
  await ui.dialog.getByRole("group", { name: "Before" }).getByRole("option").filter({ hasText: mac }).first().waitFor();
});
