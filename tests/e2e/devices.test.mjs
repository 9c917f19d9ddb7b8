// An HBA with boot targets, a disk, a pair of NICs, a trunk: from the form to the bus.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => { h = await home(); });
after(() => h?.leave());

test("an HBA on a SAN that is made by typing its name, with two boot targets", async () => {
  const ui = await h.signIn();
  await ui.slot(2).click();
  await ui.button("Add HBA", ui.panel).click();
  await ui.page.getByRole("combobox", { name: "SAN" }).fill("fabric-a");
  await ui.button("Add a target", ui.dialog).click();
  await ui.page.getByLabel("Target 1 WWPN").fill("500601603ba01120");
  await ui.button("Add a target", ui.dialog).click();
  await ui.page.getByLabel("Target 2 WWPN").fill("50-06-01-68-3b-a0-11-20");
  await ui.page.getByLabel("Target 2 LUN").fill("4");
  const wwpn = await ui.dialog.locator(".macs .addr").first().innerText();
  assert.match(wwpn, /^([0-9A-F]{2}:){7}[0-9A-F]{2}$/);
  await ui.shot("add-hba");
  await ui.button("Add HBA to slot 2", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(2, "Bound");
  const [f] = (await h.house.server(2)).functions;
  assert.equal(f.wwpn, wwpn);
  assert.deepEqual(f.boot.map((b) => [b.wwpn, Number(b.lun)]), [["50:06:01:60:3B:A0:11:20", 0], ["50:06:01:68:3B:A0:11:20", 4]]);
  assert.deepEqual((await h.house.get("/sans")).body.items.map((x) => x.name), ["fabric-a"]);
  await ui.shot("slot-hba");
});

test("a RAID 1 disk", async () => {
  const ui = await h.signIn();
  await ui.slot(2).click();
  await ui.button("Add disk", ui.panel).click();
  await ui.page.getByLabel("Size, GiB").fill("32");
  await ui.button("Add disk to slot 2", ui.dialog).waitFor();
  await ui.dialog.locator(".say").waitFor();
  await ui.shot("add-disk");
  for (const box of await ui.dialog.locator(".note").getByRole("checkbox").all()) await box.check();
  await ui.button("Add disk to slot 2", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.panel.getByText(/RAID 1, 32 GiB/).waitFor();
  await ui.slotSays(2, "Bound");
  const disks = (await h.house.server(2)).functions.flatMap((f) => f.disks ?? []);
  assert.equal(disks.length, 1, JSON.stringify(disks));
});

test("two networks make a trunk; a taken VLAN is chosen, not made again", async () => {
  await h.house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
  await h.house.must(201, "POST", "/networks", { name: "backup", vlan: 130 });
  const ui = await h.signIn();
  await ui.slot(4).click();
  await ui.button("Add NIC", ui.panel).click();
  const box = ui.page.getByRole("combobox", { name: "Network" });
  await box.fill("120");
  await box.press("Enter");
  await ui.dialog.getByText("prod", { exact: false }).first().waitFor();
  await box.fill("backup");
  await box.press("Enter");
  await ui.dialog.getByText(/^2 networks: trunk/).waitFor();
  await ui.dialog.getByText("2.5", { exact: true }).click();
  await ui.dialog.locator(".macs .addr").first().waitFor();
  await ui.shot("add-nic-trunk");
  await ui.button("Add NIC to slot 4", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(4, "Bound");
  const [f] = (await h.house.server(4)).functions;
  assert.deepEqual([...f.vlans].sort(), [120, 130]);
  assert.equal(f.limitMbps, 2500);
  assert.equal((await h.house.get("/networks")).body.items.length, 2);
});

test("a broken rule is told with its remedy, and nothing is applied", async () => {
  await nicAt(h.house, 8, 140, "holder");
  const { mac } = (await h.house.get("/profiles/holder")).body.vnics[0];
  const ui = await h.signIn();
  await ui.slot(9).click();
  await ui.button("Add NIC", ui.panel).click();
  await ui.page.getByRole("combobox", { name: "Network" }).fill("140");
  await ui.dialog.getByText("Advanced").click();
  await ui.page.getByLabel("Own MAC").fill(mac);
  await ui.dialog.locator(".note .card.bad, .note .banner.bad").first().waitFor();
  assert.equal(await ui.button("Add NIC to slot 9", ui.dialog).getAttribute("aria-disabled"), "true");
  assert.equal(await ui.dialog.getByText("free", { exact: true }).count(), 0, "nobody says that it is free");
  await ui.shot("add-nic-refused");
  assert.deepEqual((await h.house.server(9)).functions, []);
});

test("a device goes again, after a plan", async () => {
  const ui = await h.signIn();
  await ui.slot(8).click();
  await ui.button("Actions: net0", ui.panel).click();
  await ui.page.getByRole("menuitem", { name: "Remove net0…" }).click();
  await ui.dialog.locator(".plan-say").waitFor();
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  await ui.button("Remove net0", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.panel.getByText("No device yet.").waitFor();
  for (let i = 0; i < 300 && (await h.house.server(8)).functions.length; i++) await ui.page.waitForTimeout(100);
  assert.deepEqual((await h.house.server(8)).functions, []);
});
