// What a fault offers is one button, with its plan first: swapped cables, a hand, a stranger.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../api/lib.mjs";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "web");
  await nicAt(h.house, 6, 120, "db");
  for (const p of ["web", "db"]) await h.house.patch(`/profiles/${p}`, { affinity: "slot-and-server", drift: "alert" });
});
after(() => h?.leave());

const live = async (code) => (await h.house.must(200, "GET", "/faults")).items.filter((f) => f.code === code);

const settled = async () => {
  const { items } = await h.house.must(200, "GET", "/jobs?limit=1");
  assert.equal((await h.house.jobEnds(items[0].id)).state, "applied");
};

async function take(ui, row, button, say) {
  await ui.button(button, ui.page.getByRole("row").filter({ hasText: row }).first()).click();
  await ui.dialog.locator(".plan-say").waitFor();
  assert.match(await ui.dialog.innerText(), say);
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  const typed = ui.dialog.getByLabel(/^Type .* to confirm$/);	// several slots are stopped
  if (await typed.count()) await typed.fill((await ui.dialog.getByText(/^Type .* to confirm$/).innerText()).replace(/^Type (.*) to confirm$/, "$1"));
  await ui.button(button, ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
}

test("two swapped cables are swapped back with one button", async () => {
  const [a, b] = [(await h.house.server(3)).serial, (await h.house.server(6)).serial];
  for (const n of [3, 6]) await h.house.ctl("unplug", "slot", n);
  await h.house.ctl("plug", "slot", 3, b);
  await h.house.ctl("plug", "slot", 6, a);
  await until("both are told", async () => (await live("SlotServerChanged")).filter((f) => f.offer).length === 2);
  const ui = await h.signIn();
  await ui.go("/faults");
  await ui.button("Swap back").first().waitFor();
  await ui.shot("faults-offer");
  await ui.accessible("faults with offers");
  await take(ui, "SlotServerChanged", "Swap back", /db.*web|web.*db/s);
  await settled();
  await until("they clear", async () => (await live("SlotServerChanged")).length === 0);
  assert.equal((await h.house.must(200, "GET", "/profiles/web")).slot, 6);
  await ui.page.getByText("SlotServerChanged").first().waitFor({ state: "detached" });
});

test("a policy is chosen on the page of its profile", async () => {
  const ui = await h.signIn();
  await ui.go("/profiles/web");
  const card = ui.page.locator("section.card").filter({ hasText: "If somebody else changes it" });
  await card.getByText("alert").waitFor();
  await ui.shot("profile-drift");
  await ui.accessible("a profile with its drift policy");
  await ui.button("Edit", card).click();
  await ui.dialog.getByLabel("Policy").selectOption("heal");
  await ui.button("Review the plan", ui.dialog).click();
  await ui.dialog.locator(".plan-say").waitFor();
  await ui.button("Keep this policy", ui.dialog).click();
  await until("it is kept", async () => (await h.house.must(200, "GET", "/profiles/web")).drift === "heal");
  await h.house.patch("/profiles/web", { drift: "alert" });
});

test("what a hand changed is put right, what it bound is adopted", async () => {
  const nic = (await h.house.server(6)).functions[0];
  await h.house.ctl("set", nic.function, "mac", "02:00:00:00:00:99");
  for (const [field, value] of [["mac", "02:00:00:00:00:aa"], ["vlans", "120"], ["mtu", "1500"]])
    await h.house.ctl("set", "io1.2.vf9", field, value);
  await h.house.ctl("map", "io1.2.vf9", 6, 9);
  await until("both are told", async () => (await live("BindingDrift")).length === 1 && (await live("UnknownBinding")).length === 1);
  const ui = await h.signIn();
  await ui.go("/faults");
  await ui.button("Adopt it").waitFor();
  await ui.shot("faults-hands");
  await take(ui, "BindingDrift", "Put it right", /web/);
  await until("it is right", async () => (await h.house.server(6)).functions[0].mac === nic.mac);
  await settled();
  await take(ui, "UnknownBinding", "Adopt it", /web/);
  await until("it is ours", async () => (await live("UnknownBinding")).length === 0);
  assert.equal((await h.house.must(200, "GET", "/profiles/web")).vnics.length, 2);
});
