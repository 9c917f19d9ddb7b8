// A profile's document: down, unchanged up, changed up.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { home, nicAt } from "./lib.mjs";

let h;
let mac;
before(async () => {
  h = await home();
  ({ mac } = await nicAt(h.house, 3, 120, "web"));
});
after(() => h?.leave());

async function download(ui) {
  await ui.go("/profiles/web");
  const [file] = await Promise.all([ui.page.waitForEvent("download"), ui.button("Download XML").click()]);
  assert.equal(file.suggestedFilename(), "web.xml");
  return readFileSync(await file.path(), "utf8");
}

async function upload(ui, name, buffer) {
  await ui.go("/profiles");
  await ui.button("Import XML").click();
  await ui.dialog.getByLabel("XML file").setInputFiles({ name, mimeType: "application/xml", buffer: Buffer.from(buffer) });
  await ui.button("Review the plan", ui.dialog).click();
}

test("down: the document names the profile and its MAC; the page shows the same text", async () => {
  const ui = await h.signIn();
  const xml = await download(ui);
  assert.match(xml, /urn:polyroot:config:1/);
  assert.ok(xml.toUpperCase().includes(mac));
  await ui.page.getByText("Show XML").click();
  const shown = await ui.page.locator("pre.xml").innerText();
  assert.equal(shown.trim().replace(/\s*exportedAt="[^"]*"/, ""), xml.trim().replace(/\s*exportedAt="[^"]*"/, ""));
  await ui.shot("profile-xml");
});

test("up again, unchanged: the empty plan, which cannot be applied", async () => {
  const ui = await h.signIn();
  await upload(ui, "web.xml", await download(ui));
  await ui.dialog.getByText("Nothing changes: it is already so.").first().waitFor();
  assert.equal(await ui.dialog.getByRole("button", { name: /^Apply/ }).getAttribute("aria-disabled"), "true");
});

test("up with another description: a plan, applied, and down again it is there", async () => {
  const ui = await h.signIn();
  const xml = await download(ui);
  const changed = xml.replace(/(<profile\b[^>]*>\s*)<description\/>/, "$1<description>made in the browser</description>");
  assert.notEqual(changed, xml);
  await upload(ui, "web.xml", changed);
  await ui.dialog.getByText("made in the browser").first().waitFor();
  await ui.dialog.getByText("DocumentModified").first().waitFor();
  assert.equal(await ui.dialog.getByRole("button", { name: /^Apply/ }).getAttribute("aria-disabled"), "true", "not before it is confirmed");
  for (const box of await ui.dialog.getByRole("checkbox").all()) await box.check();
  await ui.shot("import-plan");
  await ui.dialog.getByRole("button", { name: /^Apply/ }).click();
  await ui.dialog.waitFor({ state: "detached" });
  await ui.go("/profiles/web");
  await ui.page.getByText("made in the browser").first().waitFor();
  assert.match(await download(ui), /made in the browser/);
});

for (const [what, doc] of [["no XML", "hello"], ["an entity", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'], ["another namespace", '<configuration xmlns="urn:other"/>']])
  test(`${what} is refused with its reason, and the text is kept`, async () => {
    const ui = await h.signIn();
    await ui.go("/profiles");
    await ui.button("Import XML").click();
    await ui.dialog.getByLabel("XML document").fill(doc);
    const [answer] = await Promise.all([ui.page.waitForResponse(/\/imports\?/), ui.button("Review the plan", ui.dialog).click()]);
    assert.ok([400, 422].includes(answer.status()), `${answer.status()}`);
    await ui.dialog.getByRole("alert").waitFor();
    assert.ok((await ui.dialog.getByRole("alert").innerText()).length > 10);
    assert.equal(await ui.dialog.getByLabel("XML document").inputValue(), doc);
  });
