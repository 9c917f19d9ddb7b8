// Leases in the browser: a new one with its plan, what it collides with, on and off.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../api/lib.mjs";
import { home, nicAt } from "./lib.mjs";

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "bak");
  await nicAt(h.house, 4, 120, "web");
});
after(() => h?.leave());

const lease = (name) => h.house.must(200, "GET", `/leases/${name}`);
const local = (minutes) => new Date(Date.now() + minutes * 60000).toISOString().slice(0, 16);

test("a temporary device from the profile's page, with its plan", async () => {
  const ui = await h.signIn();
  await ui.go("/leases");
  await ui.page.getByText("Nothing is lent").waitFor();
  await ui.accessible("leases, none");
  await ui.go("/profiles/bak");
  await ui.button("More actions").click();
  await ui.page.getByRole("menuitem", { name: "Temporary device…" }).click();
  await ui.dialog.getByLabel("Name").fill("night");
  await ui.dialog.getByLabel("Begins").fill("2040-03-10T01:30");
  await ui.dialog.getByLabel("Ends").fill("2040-03-10T04:00");
  await ui.dialog.getByLabel("Time zone").fill("Europe/Londn");
  await ui.dialog.getByText("There is no such time zone.").waitFor();
  await ui.dialog.getByLabel("Time zone").fill("Europe/London");
  await ui.dialog.getByLabel("Repeats").selectOption("DAILY");
  await ui.dialog.getByText("2040-03-25T01:30 does not exist in Europe/London").waitFor();
  await ui.accessible("new lease");
  await ui.shot("lease-new");
  await ui.button("Lease night to bak", ui.dialog).click();
  await ui.dialog.waitFor({ state: "hidden" });
  const made = await lease("night");
  assert.deepEqual([made.profile, made.recurrence, made.vnic.idle, made.state], ["bak", "FREQ=DAILY", true, "scheduled"]);
  ui.close();
});

test("whom it collides with stands in the plan, and it cannot be applied", async () => {
  await h.house.must(201, "POST", "/leases", { name: "card", profile: "bak", start: "2040-06-01T10:00", end: "2040-06-01T14:00",
    exclusive: { name: "c", extent: "card", placement: { module: "io2" } } });
  const ui = await h.signIn();
  await ui.go("/leases");
  await ui.page.getByRole("row", { name: /card/ }).waitFor();
  await ui.page.getByRole("main").getByRole("button", { name: "New lease…" }).click();
  await ui.dialog.getByLabel("Profile").selectOption("web");
  await ui.dialog.getByLabel("Name").fill("late");
  await ui.dialog.getByLabel("What", { exact: true }).selectOption("exclusive");
  await ui.dialog.getByLabel("Card", { exact: true }).selectOption("io2");
  await ui.dialog.getByLabel("Time zone").fill("UTC");
  await ui.dialog.getByLabel("Begins").fill("2040-06-01T13:00");
  await ui.dialog.getByLabel("Ends").fill("2040-06-01T15:00");
  await ui.dialog.getByText(/late collides with lease card at 2040-06-01T13:00/).waitFor();
  await ui.shot("lease-collides");
  assert.equal(await ui.button("Lease late to web", ui.dialog).getAttribute("aria-disabled"), "true");
  assert.equal((await h.house.get("/leases/late")).status, 404);
  ui.close();
});

test("what is on is seen, ended by hand, and the week says when", async () => {
  await h.house.must(201, "POST", "/leases", { name: "now", profile: "web", start: local(-2), end: local(60), recurrence: "FREQ=DAILY",
    vnic: { name: "extra", networks: ["net-120"] } });
  await until("begins", async () => (await lease("now")).state === "on");
  const ui = await h.signIn();
  await ui.go("/leases");
  await ui.page.getByRole("row", { name: /now.*On/ }).waitFor();
  const week = ui.page.getByRole("region", { name: "The next seven days" });
  await week.getByRole("row", { name: /now/ }).first().waitFor();
  assert.ok(await week.getByRole("row", { name: /now/ }).count() >= 7);
  await ui.accessible("leases");
  await ui.shot("leases");
  await ui.page.getByRole("row", { name: /now.*On/ }).getByRole("button", { name: "End now" }).click();
  await ui.dialog.locator(".plan-say").waitFor();
  await ui.button("End now now", ui.dialog).click();
  await until("ends", async () => (await lease("now")).endsAt === null);
  await until("is given back", async () => (await h.house.server(4)).functions.length === 1);
  ui.close();
});

test("in the dark it is readable, too", async () => {
  const ui = await h.signIn({ dark: true, width: 1280, height: 720 });
  await ui.go("/leases");
  await ui.page.getByRole("row", { name: /night/ }).first().waitFor();
  await ui.accessible("leases, dark");
  await ui.shot("leases-dark");
  ui.close();
});
