// Snapshots and backups in the browser: taken, compared, pinned, forgotten, gone back
// to through the page for restores; a file written and proven.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "web");
});
after(() => h?.leave());

const list = async () => (await h.house.must(200, "GET", "/snapshots")).items;
const row = (ui, id) => ui.page.getByRole("row").filter({ has: ui.page.getByRole("cell", { name: new RegExp(`^${id}( Pinned)?$`) }) });

async function open(options) {
  const ui = await h.signIn(options);
  await ui.go("/restore");
  await ui.page.getByRole("link", { name: "Snapshots and backups" }).click();
  await ui.page.getByRole("heading", { name: "Snapshots and backups" }).waitFor();
  return ui;
}

test("one is taken; the same configuration is not taken twice", async () => {
  const ui = await open();
  await ui.page.getByText("No snapshot yet").waitFor();
  await ui.accessible("snapshots, none");
  await ui.page.getByLabel("Reason").fill("before the weekend");
  await ui.button("Take a snapshot").click();
  await ui.page.getByText(/^Snapshot \d+ is taken\.$/).waitFor();
  await ui.page.getByText("before the weekend").waitFor();
  await ui.button("Take a snapshot").click();
  await ui.page.getByText(/Nothing changed since snapshot/).waitFor();
  assert.equal((await list()).length, 1);
});

test("what changed since is shown, and taken back by a restore", async () => {
  const [{ id }] = await list();
  await h.house.must(201, "POST", "/networks", { name: "later", vlan: 777 });
  const ui = await open();
  await ui.button(`What changed since snapshot ${id}`).click();
  const changed = ui.page.locator("table.diff");
  await changed.getByText("later").first().waitFor();
  await ui.shot("snapshots-compare");
  await ui.accessible("snapshots, compared");
  await ui.button(`Restore ${id}`).click();
  await ui.page.waitForURL(/\/restore\/[0-9a-f-]{36}$/);
  await ui.page.locator(".plan-say").waitFor();
  assert.equal((await h.house.get("/networks/later")).status, 200, "not before the plan is applied");
  for (const box of await ui.page.getByRole("checkbox").all()) await box.check();
  await ui.page.getByRole("button", { name: /^Apply/ }).click();
  await ui.page.waitForURL(/\/jobs\/\d+$/);
  await ui.page.getByText("Applied").first().waitFor();
  assert.equal((await h.house.get("/networks/later")).status, 404);
});

test("what is pinned cannot be forgotten; what is not is", async () => {
  const [{ id }] = (await list()).slice(-1);
  const ui = await open();
  await ui.button(`Pin snapshot ${id}`).click();
  await row(ui, id).getByText("Pinned", { exact: true }).waitFor();
  assert.equal((await list()).find((x) => x.id === id).pinned, true);
  assert.equal(await ui.button(`Forget snapshot ${id}`).getAttribute("aria-disabled"), "true");
  await ui.button(`Pin snapshot ${id}`).click();
  await row(ui, id).getByText("Pinned", { exact: true }).waitFor({ state: "detached" });
  await ui.button(`Forget snapshot ${id}`).click();
  await row(ui, id).waitFor({ state: "detached" });
  assert.ok(!(await list()).some((x) => x.id === id));
});

test("a backup is written and proven; dark too", async () => {
  const ui = await open({ dark: true });
  await ui.button("Back up now").click();
  await ui.page.getByText("The newest was restored for trial, and was the same.").waitFor();
  const { items } = await h.house.must(200, "GET", "/backups");
  await ui.page.getByText(items[0].name).waitFor();
  await ui.shot("snapshots-dark");
  await ui.accessible("snapshots, dark");
  const light = await open();
  await light.page.getByText(items[0].name).waitFor();
  await light.shot("snapshots");
  await light.accessible("snapshots");
});
