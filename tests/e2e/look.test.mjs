// Every screen, both themes: no finding of axe; a picture of each is kept.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "web");
  await nicAt(h.house, 7, 130, "db");
  await h.house.must(201, "POST", "/sans", { name: "fabric-a", fabric: "A" });
});
after(() => h?.leave());

// name, page, and what to do there first
const SCREENS = [
  ["rack", "/"],
  ["slot", "/slots/3"],
  ["slot-free", "/slots/5"],
  ["no-such-slot", "/slots/99"],
  ["profiles", "/profiles"],
  ["profile", "/profiles/web"],
  ["profile-missing", "/profiles/nobody"],
  ["jobs", "/jobs"],
  ["job", "/jobs/1"],
  ["job-missing", "/jobs/99999"],
  ["networks", "/networks"],
  ["pools", "/pools"],
  ["hardware", "/hardware"],
  ["faults", "/faults"],
  ["not-found", "/nothing/here"],
  ["plan-missing", "/plans/0000"],
  ["restore", "/restore"],
  ["restore-gone", "/restore/0000"],
  ["dialog-nic", "/slots/5", async (ui) => {
    await ui.button("Add NIC", ui.panel).click();
    await ui.page.getByRole("combobox", { name: "Network" }).fill("777");
    await ui.dialog.locator(".macs .addr").waitFor();
  }],
  ["dialog-hba", "/slots/5", async (ui) => {
    await ui.button("Add HBA", ui.panel).click();
    await ui.page.getByRole("combobox", { name: "SAN" }).fill("fabric-b");
    await ui.button("Add a target", ui.dialog).click();
    await ui.dialog.locator(".macs .addr").waitFor();
  }],
  ["dialog-disk", "/slots/5", async (ui) => {
    await ui.button("Add disk", ui.panel).click();
    await ui.dialog.locator(".say").waitFor();
  }],
  ["dialog-move", "/slots/3", (ui) => ui.button("Move…", ui.panel).click()],
  ["dialog-plan", "/slots/3", async (ui) => {
    await ui.button("Move…", ui.panel).click();
    await ui.button("Review the plan", ui.dialog).click();
    await ui.dialog.locator(".plan-say").waitFor();
    await ui.dialog.getByText("Hardware steps").click();
    await ui.dialog.getByText("Show as curl").click();
  }],
  ["dialog-import", "/profiles", (ui) => ui.button("Import XML").click()],
  ["dialog-profile", "/", (ui) => ui.button("New profile").click()],
  ["dialog-network", "/networks", (ui) => ui.button("Add network").click()],
  ["dialog-find", "/", async (ui) => {
    await ui.page.keyboard.press("/");
    await ui.dialog.getByRole("combobox").fill("02:");
    await ui.dialog.getByRole("combobox").fill("web");
    await ui.dialog.getByRole("option").first().waitFor();
  }],
  ["dialog-keys", "/", (ui) => ui.page.keyboard.press("?")],
  ["menu-slot", "/slots/3", (ui) => ui.button("More actions", ui.panel).click()],
];

for (const dark of [false, true])
  test(`every screen is accessible, ${dark ? "dark" : "light"}`, async (t) => {
    const ui = await h.signIn({ dark });
    for (const [name, path, act] of SCREENS)
      await t.test(name, async () => {
        await ui.go(path);
        await ui.page.getByText(/^Live, /).waitFor();
        await act?.(ui);
        await ui.page.getByText("Loading…").first().waitFor({ state: "detached" });
        await ui.shot(dark ? `${name}-dark` : name);
        await ui.accessible(name);
      });
    const gate = await h.open({ dark });
    await gate.accessible("login");
  });

test("the theme is the system's until it is chosen, and then stays", async () => {
  const ui = await h.signIn({ dark: true });
  const ground = () => ui.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await ui.button("Theme: system. Switch to light").click();
  assert.notEqual(await ground(), dark);
  await ui.page.reload();
  await ui.slot(3).waitFor();
  assert.notEqual(await ground(), dark);
  await ui.button("Theme: light. Switch to dark").click();
  assert.equal(await ground(), dark);
  await ui.button("Theme: dark. Switch to system").click();
});

test("the faceplate has the order of the model file", async () => {
  const ui = await h.signIn();
  const { faceplate } = (await h.house.get("/appliance")).body;
  const boxes = await Promise.all(faceplate.slots.rows.map((row) => Promise.all(row.map((n) => ui.slot(n).boundingBox()))));
  for (const row of boxes)
    for (let i = 1; i < row.length; i++) {
      assert.equal(Math.round(row[i].y), Math.round(row[0].y), "one row, one height");
      assert.ok(row[i].x > row[i - 1].x, "left to right");
    }
  for (let r = 1; r < boxes.length; r++) assert.ok(boxes[r][0].y > boxes[r - 1][0].y, "top to bottom");
  for (const b of faceplate.bays) await ui.page.getByRole("region", { name: `Bay ${b.name}` }).waitFor();
});

test("no link of the shell leads nowhere", async () => {
  const ui = await h.signIn();
  const links = await ui.page.locator("a[href^='/']").evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href")))]);
  assert.ok(links.length > 8);
  for (const to of links) {
    await ui.go(to);
    assert.equal(await ui.page.getByText("There is no such page").count(), 0, to);
  }
});

test("narrow and low: 1024 by 700 without a scroll bar across", async () => {
  const ui = await h.signIn({ width: 1024, height: 700 });
  for (const path of ["/", "/slots/3", "/profiles/web", "/jobs/1", "/hardware"]) {
    await ui.go(path);
    await ui.page.getByText(/^Live, /).waitFor();
    await ui.shot(`1024${path.replaceAll("/", "-")}`);
    assert.ok(await ui.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
  }
});
