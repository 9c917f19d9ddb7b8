// A card is replaced from the hardware page: held, pulled, compared, accepted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../api/lib.mjs";
import { home } from "./lib.mjs";

let h, wwpn;
before(async () => {
  h = await home({ chassis: "vio-4001-fc4" });
  const { house } = h;
  await house.must(201, "POST", "/sans", { name: "fab-a" });
  await house.must(201, "POST", "/profiles", { name: "db" });
  await house.must(201, "POST", "/profiles/db/vhbas", { name: "fc0", san: "fab-a", placement: { module: "io3" } });
  await house.must(201, "POST", "/profiles/db/vhbas", { name: "fc1", san: "fab-a", placement: { module: "io4" } });
  await house.applied("POST", "/profiles/db:assign", { slot: 3 });
  wwpn = (await house.server(3)).functions.map((f) => f.wwpn);
});
after(() => h?.leave());

const dialog = (ui) => ui.page.getByRole("dialog");

async function apply(ui, word) {
  await ui.button(word, dialog(ui)).click();
  await dialog(ui).locator(".plan-say").waitFor();
  for (const box of await dialog(ui).getByRole("checkbox").all()) await box.check();
  await dialog(ui).getByRole("button", { name: word }).click();
}

test("held, pulled, compared and accepted", async () => {
  const ui = await h.signIn();
  const { house } = h;
  await ui.go("/hardware");
  await ui.button("Replace the card in io3").click();
  await dialog(ui).getByText("goes on over fc1").waitFor();
  await ui.accessible("replace a card");
  await ui.shot("replace");
  await apply(ui, "Hold io3");
  await dialog(ui).getByText("Pull the card.").waitFor();
  await house.ctl("pull", "bay", 3);
  await dialog(ui).getByText("Put a card of the same class into the bay.").waitFor();
  await house.ctl("insert", "bay", 3, "QLE2562", "RFD1012-9");
  await dialog(ui).getByRole("row", { name: "Speed, Mb/s 4,000 8,000" }).waitFor();
  await ui.accessible("another card");
  await ui.shot("replace-compare");
  await apply(ui, "Accept the card in io3");
  await until("both are there", async () => (await house.server(3)).functions.length === 2);
  const seen = (await house.server(3)).functions;
  assert.deepEqual(seen.map((f) => f.wwpn), wwpn);
  assert.deepEqual(seen.map((f) => f.id), ["1077:2532", "1077:2432"]);
  await ui.close();
});
