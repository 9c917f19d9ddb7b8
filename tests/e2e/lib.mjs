// A real browser before the real processes.
//
//	const h = await home();
//	const ui = await h.signIn();
//	await ui.click(ui.slot(3));
//	await h.leave();
//
// Whatever a test does, three things hold at its end: no page raised an error
// or broke the content policy, and no page sent a change that is not a plan,
// its application, an undo, a blink or a session.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { House, objects, top } from "../api/lib.mjs";

const from = createRequire(join(top, "webui/package.json"));
const { chromium } = from("playwright-core");
const axeSource = readFileSync(from.resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

// The changes that a page may send by itself.
const MAY = [
  /^POST \/sessions$/, /^DELETE \/sessions\/current$/, /^POST \/plans(\?dryRun=true)?$/, /^POST \/plans\/[^/?]+:apply$/,
  /^POST \/jobs\/[^/?]+:undo(\?.*)?$/, /^POST \/jobs\/[^/?]+:(cancel|retry|abandon)$/, /^POST \/imports\?.*$/, /^(PATCH|DELETE) \/imports\/[^/?]+$/, /^POST \/slots\/\d+:locate$/,
  /^POST \/faults\/[^/?]+:ack$/, /^POST \/(snapshots|backups)$/, /^(PATCH|DELETE) \/snapshots\/\d+$/, /^POST \/snapshots\/\d+:restore$/,
];

export const screens = join(objects, "screens");

// What the console says of answers that a test asked for: nobody signed in yet, a
// thing that is not there, the server away, a stream that the last page still holds.
const EXPECTED = /Failed to load resource: .*(status of (400|401|404|409|412|422|429|503)|net::ERR_)/;

export class Ui {
  constructor(house, context, page) {
    Object.assign(this, { house, context, page, count: 0, plans: [], sent: [], errors: [] });
    page.on("pageerror", (e) => this.errors.push(`page: ${e.stack ?? e.message}`));
    page.on("console", (m) => {
      if ((m.type() === "error" || m.type() === "warning") && !EXPECTED.test(m.text())) this.errors.push(`console: ${m.text()}`);
    });
    page.on("request", (r) => {
      const u = new URL(r.url());
      if (r.method() !== "GET" && r.method() !== "HEAD") this.sent.push(`${r.method()} ${u.pathname.replace("/api/v1", "")}${u.search}`);
    });
    page.on("response", (r) => {
      if (r.request().method() === "POST" && /\/plans\?dryRun/.test(r.url()) && r.ok())
        r.json().then((p) => this.plans.push(p), () => {});
    });
    page.setDefaultTimeout(20_000);
  }

  get panel() { return this.page.getByRole("complementary"); }
  get dialog() { return this.page.getByRole("dialog"); }
  slot(n) { return this.page.locator(`[data-tile="${n}"]`); }
  button(name, inside = this.page) { return inside.getByRole("button", { name, exact: true }); }

  /** One interaction of a hand: a click, or a text typed. */
  async click(what) {
    this.count++;
    await what.click();
  }

  async type(what, text) {
    this.count++;
    await what.fill(text);
  }

  async go(path) {
    await this.page.goto(this.house.url + path);
    await this.page.locator("h1").first().waitFor({ state: "attached" });
  }

  /** The state word of a tile. */
  async slotSays(n, word, ms = 30_000) {
    await this.page.locator(`li[data-slot="${n}"] .state`, { hasText: new RegExp(`^${word}$`) }).waitFor({ timeout: ms });
  }

  async shot(name) {
    mkdirSync(screens, { recursive: true });
    await this.page.screenshot({ path: join(screens, `${name}.png`) });
  }

  /** No finding of axe on what is shown now. */
  async accessible(where) {
    await this.page.evaluate(axeSource);
    const { violations, passes } = await this.page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), RULES);
    assert.ok(passes.length > 10, `${where}: axe looked at nothing`);
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 200)).join(" | ")}`), [], where);
  }

  /** The last plan that a page was shown. */
  async planned(n) {
    for (let i = 0; i < 500 && this.plans.length < n; i++) await this.page.waitForTimeout(10);
    assert.ok(this.plans.length >= n, `${this.plans.length} plans were shown, not ${n}`);
    return this.plans[n - 1];
  }

  close() {
    assert.deepEqual(this.errors, [], "errors of the page");
    assert.deepEqual(this.sent.filter((x) => !MAY.some((m) => m.test(x))), [], "changes that are no plans");
  }
}

export class Home {
  async enter(options = {}) {
    this.house = await new House({ name: "e2e", ...options }).start();
    this.house.url = `https://127.0.0.1:${this.house.port}`;
    this.profile = mkdtempSync(join(tmpdir(), "polyroot-chromium-"));
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: ARGS,
      env: { ...process.env, HOME: this.profile } });
    this.uis = [];
    return this;
  }

  /** A fresh browser at the gate. */
  async open({ dark = false, width = 1440, height = 900 } = {}) {
    const context = await this.browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height }, reducedMotion: "reduce",
      colorScheme: dark ? "dark" : "light", permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true });
    const ui = new Ui(this.house, context, await context.newPage());
    this.uis.push(ui);
    await ui.page.goto(this.house.url);
    await ui.page.getByLabel("User").waitFor();
    return ui;
  }

  async signIn(options) {
    const ui = await this.open(options);
    await ui.page.getByLabel("Password").fill(this.house.password);
    await ui.button("Sign in").click();
    await ui.slot(3).waitFor();
    return ui;
  }

  /** Every page was well behaved; everything is put away. */
  async leave() {
    try {
      for (const ui of this.uis) ui.close();
    } finally {
      await this.browser?.close();
      await this.house?.stop();
      if (this.profile) rmSync(this.profile, { recursive: true, force: true });
    }
  }
}

export async function home(options) {
  const h = new Home();
  try {
    return await h.enter(options);
  } catch (e) {
    await h.leave();
    throw e;
  }
}

/** A vNIC at a slot, made by curl as it were: { mac, profile }. */
export async function nicAt(house, slot, vlan, profile = `p${slot}`) {
  const net = `net-${vlan}`;
  if ((await house.get(`/networks/${net}`)).status === 404) await house.must(201, "POST", "/networks", { name: net, vlan });
  await house.must(201, "POST", "/profiles", { name: profile });
  const nic = await house.must(201, "POST", `/profiles/${profile}/vnics`, { name: "net0", networks: [net], mac: "pool" });
  await house.applied("POST", `/profiles/${profile}:assign`, { slot });
  return { mac: nic.mac, profile };
}
