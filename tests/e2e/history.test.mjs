// What a profile was: compared and brought back, as a plan that is seen first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home } from "./lib.mjs";

let h;
before(async () => { h = await home(); });
after(() => h?.leave());

test("a revision is compared with the one before, and brought back", async () => {
  const { house } = h;
  await house.must(201, "POST", "/networks", { name: "prod", vlan: 120 });
  await house.must(201, "POST", "/profiles", { name: "web" });
  const { mac } = await house.must(201, "POST", "/profiles/web/vnics", { name: "net0", networks: ["prod"], mac: "pool", qos: { limitMbps: 2000 } });
  await house.applied("POST", "/profiles/web:assign", { slot: 3 });
  await house.applied("PATCH", "/profiles/web/vnics/net0", { mtu: 9000, qos: { limitMbps: 500 } });
  await house.applied("DELETE", "/profiles/web/vnics/net0");
  const { items } = await house.must(200, "GET", "/profiles/web/revisions");
  const [gone, changed, was] = items.map((v) => v.revision);

  const ui = await h.signIn();
  await ui.go("/profiles/web");
  // The newest is shown first: what it changed.
  await ui.page.getByText(`${changed} → ${gone}`).waitFor();
  await ui.page.getByRole("region", { name: "Changes" }).getByText("net0").first().waitFor();
  await ui.button(`Show what revision ${changed} changed`).click();
  await ui.page.getByText(`${was} → ${changed}`).waitFor();
  const diff = ui.page.getByRole("region", { name: "Changes" });
  await diff.getByText("limitMbps").waitFor();
  assert.match(await diff.innerText(), /mtu\s+1,500 → 9,000/);
  await ui.accessible("history");
  await ui.shot("history");

  await ui.button(`Revert to ${changed}…`).click();
  await ui.dialog.getByText("net0").first().waitFor();
  await ui.shot("history-revert");
  await ui.button(`Revert to ${changed}`, ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.page.getByText(`${gone} → ${gone + 1}`).waitFor();
  await house.jobEnds((await house.must(200, "GET", "/jobs?limit=1")).items[0].id);
  const [f] = (await house.server(3)).functions;
  assert.deepEqual([f.mac, f.limitMbps, f.mtu], [mac, 500, 9000]);
});

test("in the dark, and on a narrow screen", async () => {
  const ui = await h.signIn({ dark: true, width: 1024, height: 768 });
  await ui.go("/profiles/web");
  await ui.page.getByRole("region", { name: "Changes" }).waitFor();
  await ui.accessible("history, dark");
  await ui.shot("history-dark");
});
