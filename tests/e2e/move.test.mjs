// Three ways to move a profile, one plan.
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

const facts = (p) => ({ digest: p.digest, sentence: p.sentence, diff: p.diff, steps: p.steps.map((s) => [s.verb, s.slot, s.function]) });

test("drag, menu and key end in the same plan; Escape changes nothing", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  const seen = [];
  async function plan(ask) {
    const n = ui.plans.length;
    await ask();
    await ui.dialog.locator(".plan-say").waitFor();
    seen.push(facts(await ui.planned(n + 1)));
    await ui.shot(`move-${seen.length}`);
    await ui.page.keyboard.press("Escape");
    await ui.dialog.waitFor({ state: "detached" });
  }
  async function choose() {
    await ui.dialog.getByRole("radio", { name: /^Slot 4 / }).check();
    await ui.button("Review the plan", ui.dialog).click();
  }
  await plan(() => ui.slot(3).dragTo(ui.slot(4)));
  await plan(async () => {
    await ui.slot(3).click();
    await ui.button("Move…", ui.panel).click();
    await choose();
  });
  await plan(async () => {
    await ui.slot(3).focus();
    await ui.page.keyboard.press("m");
    await choose();
  });
  assert.deepEqual(seen[1], seen[0]);
  assert.deepEqual(seen[2], seen[0]);
  assert.ok(seen[0].steps.length >= 3);
  assert.deepEqual((await h.house.get("/profiles/web")).body.slot, 3, "looking at a plan moves nothing");
});

test("a drag that is let go beside the slots, or stopped with Escape, plans nothing", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  const at = await ui.slot(3).boundingBox();
  for (const stop of ["Escape", "drop"]) {
    await ui.page.mouse.move(at.x + 40, at.y + 60);
    await ui.page.mouse.down();
    await ui.page.mouse.move(at.x + 80, at.y + 90, { steps: 4 });
    await ui.page.locator(".ghost").waitFor();
    assert.equal(await ui.page.locator(".slot.no-drop").count() + await ui.page.locator(".slot.can-drop").count(), 15);
    if (stop === "Escape") await ui.page.keyboard.press("Escape");
    else await ui.page.mouse.move(at.x + 80, 20, { steps: 4 });
    await ui.page.mouse.up();
    await ui.page.locator(".ghost").waitFor({ state: "detached" });
  }
  assert.equal(ui.plans.length, 0);
  assert.equal(await ui.dialog.count(), 0);
});

test("the move itself: same MAC, new server, never both", async () => {
  const ui = await h.signIn();
  await ui.slotSays(3, "Bound");
  await ui.slot(3).dragTo(ui.slot(4));
  await ui.dialog.locator(".plan-say").waitFor();
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  await ui.button("Move web to slot 4", ui.dialog).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.slotSays(4, "Bound");
  await ui.slotSays(3, "Empty");
  assert.deepEqual((await h.house.server(3)).functions, []);
  assert.deepEqual((await h.house.server(4)).functions.map((f) => f.mac), [mac]);
  await ui.shot("moved");
});

test("touch: a finger that rests picks up, a finger that moves scrolls", async () => {
  const ui = await h.signIn();
  await ui.slotSays(4, "Bound");
  const at = await ui.slot(4).boundingBox();
  const to = await ui.slot(6).boundingBox();
  const cdp = await ui.context.newCDPSession(ui.page);
  const touch = (type, x, y) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  await touch("touchStart", at.x + 30, at.y + 60);
  await ui.page.locator(".ghost").waitFor();
  await touch("touchMove", to.x + 30, to.y + 60);
  await ui.page.locator('li[data-slot="6"].over').waitFor();
  await touch("touchEnd");
  await ui.dialog.locator(".plan-say").waitFor();
  assert.equal((await ui.planned(1)).changes?.[0]?.body.slot ?? 6, 6);
  await ui.page.keyboard.press("Escape");
});
