// A document onto an appliance in the browser: what disagrees is chosen about, the
// plan follows, one can leave and come back, and what is applied is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

const doc = (inside, hardware = "") => `<applianceConfig xmlns="urn:polyroot:config:1" schemaVersion="1.0" kind="logical">
<origin applianceUuid="0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01" name="iov-lon-1" software="0.3.0" generation="4812" identityEpoch="1" exportedAt="2026-01-15T02:00:03Z"/>${hardware}
<networks><ethernet name="prod" vlan="121"/><ethernet name="stor" vlan="300"/></networks>
<profiles>${inside}</profiles></applianceConfig>`;
const esx = `<profile name="esx-01"><vnic name="up"><mac source="pool"/><vlans><vlan network="prod"/></vlans></vnic><assignment slot="5"/></profile>`;

let h;
before(async () => {
  h = await home();
  await nicAt(h.house, 3, 120, "web");
});
after(() => h?.leave());

async function read(ui, xml, how = async () => {}) {
  await ui.go("/restore");
  await ui.page.getByLabel("XML document").fill(xml);
  await how();
  await ui.button("Read it").click();
  await ui.page.getByRole("heading", { name: "Conflicts" }).waitFor();
}

test("a document is read, a conflict is decided, and the plan is applied", async () => {
  const ui = await h.signIn();
  const net = (await h.house.must(200, "GET", "/networks")).items[0].name;
  await read(ui, doc(esx).replaceAll('"prod"', `"${net}"`));
  await ui.page.getByRole("heading", { name: /^Restore iov-lon-1 onto / }).waitFor();
  await ui.page.getByText("1 to decide").waitFor();
  const apply = ui.page.getByRole("button", { name: /^Apply/ });
  assert.equal(await apply.getAttribute("aria-disabled"), "true", "not while a conflict is open");
  await ui.shot("restore-conflict");
  await ui.accessible("restore, a conflict");
  const here = ui.page.url();
  await ui.go("/");
  await ui.go(new URL(here).pathname);
  await ui.page.getByText("1 to decide").waitFor();
  await ui.page.getByLabel(`Choice for network ${net}`, { exact: true }).selectOption("keepLocal");
  await ui.page.getByText("none to decide").waitFor();
  await ui.page.locator(".plan-say").getByText(/esx-01/).waitFor();
  for (const box of await ui.page.getByRole("checkbox").all()) await box.check();
  await ui.shot("restore-plan");
  await apply.click();
  await ui.page.waitForURL(/\/jobs\/\d+$/);
  await ui.page.getByText("Applied").first().waitFor();
  assert.equal((await h.house.must(200, "GET", "/profiles/esx-01")).slot, 5);
  assert.equal((await h.house.must(200, "GET", "/networks/stor")).vlan, 300);
});

test("a slot that is not here is mapped, and the consequence is seen", async () => {
  const ui = await h.signIn();
  const far = `<hardware><slot number="40" linkWidth="8"/><module name="io9" bay="9" class="nvme" model="P5800X" ports="1"/></hardware>`;
  await read(ui, doc(esx.replace("esx-01", "esx-40").replace('slot="5"', 'slot="40"'), far).replace('name="prod" vlan="121"', 'name="far" vlan="777"').replaceAll('network="prod"', 'network="far"'));
  const slot = ui.page.getByLabel("Target for slot 40");
  assert.equal(await slot.inputValue(), "");
  await slot.selectOption("9");
  await ui.page.getByText("Mapped").first().waitFor();
  await ui.page.locator(".plan-say").waitFor();
  await ui.shot("restore-hardware");
  await ui.accessible("restore, hardware");
  const id = new URL(ui.page.url()).pathname.split("/").at(-1);
  const kept = await h.house.must(200, "GET", `/imports/${id}`);
  assert.deepEqual(kept.map, { slots: { 40: "9" } });
  assert.equal(kept.plan.disruption.every((d) => d.slot === 9), true);
});

test("replace asks for its scope, and says what it removes", async () => {
  const ui = await h.signIn();
  await read(ui, doc("").replace("<profiles></profiles>", ""), async () => {
    await ui.page.getByLabel("Mode").selectOption("replace");
    await ui.page.getByLabel("Scope").selectOption("networks");
  });
  await ui.page.getByText("ObjectNotInDocument").first().waitFor();
  await ui.button("Forget the document").click();
  await ui.page.getByRole("heading", { name: "Restore" }).waitFor();
});

test("what cannot be read says why, and the text is kept", async () => {
  const ui = await h.signIn();
  await ui.go("/restore");
  await ui.page.getByRole("heading", { name: "Read before" }).waitFor();
  await ui.accessible("restore");
  await ui.shot("restore");
  await ui.page.getByLabel("XML document").fill("hello");
  await ui.button("Read it").click();
  await ui.page.getByRole("alert").waitFor();
  assert.equal(await ui.page.getByLabel("XML document").inputValue(), "hello");
});
