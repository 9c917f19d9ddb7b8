// The documents: what they name exists, and what they show works.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { House, objects, program, top } from "./lib.mjs";

const read = (path) => readFileSync(join(top, path), "utf8");
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: top, encoding: "utf8" })
  .split("\n").filter((f) => f !== "" && existsSync(join(top, f)));
const documents = files.filter((f) => /^[A-Z]+\.md$|^docs\/.*\.md$/.test(f));
const goals = new Set([...read("Makefile").matchAll(/^([a-z][a-z0-9-]*)( [a-z0-9 -]+)?:/gm)]
  .flatMap((m) => `${m[1]}${m[2] ?? ""}`.trim().split(/ +/)));

/** The text without its code: fences, indented blocks, `words`. */
const prose = (text) => text.replace(/^```[^]*?^```$/gm, "").replace(/^( {4}|\t).*$/gm, "").replace(/`[^`\n]*`/g, "");

/** The anchor that a heading gets. */
const anchor = (heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").trim().replace(/ /g, "-");

// Pictures of the UI are taken from the running one, not kept by hand.
const isPicture = (path) => /^docs\/screens\/[a-z0-9-]+\.png$/.test(path);

/** What is wrong with a link of a document, or null. */
function broken(document, target, exists = (path) => existsSync(join(top, path))) {
  if (/^(https?|mailto):/.test(target)) return null;
  const [path, fragment] = target.split("#");
  const there = path === "" ? document : normalize(join(dirname(document), path));
  if (there.startsWith("..") || (!exists(there) && !isPicture(there))) return `${document}: ${target} leads nowhere`;
  if (fragment === undefined || !there.endsWith(".md")) return null;
  const headings = [...read(there).matchAll(/^#+ (.*)$/gm)].map((m) => anchor(m[1]));
  return headings.includes(fragment) ? null : `${document}: ${there} has no heading #${fragment}`;
}

const links = (document) => [...prose(read(document)).matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1]);

// ---- every document ----

test("there are documents to look at", () => {
  for (const d of ["README.md", "ARCHITECTURE.md", "HACKING.md", "CHANGELOG.md", "SECURITY.md", "docs/adr/README.md"])
    assert.ok(documents.includes(d), d);
});

test("every link leads somewhere", () => {
  const all = documents.flatMap((d) => links(d).map((l) => broken(d, l)));
  assert.ok(all.length > 20, `${all.length} links`);
  assert.deepEqual(all.filter((b) => b !== null), []);
  assert.match(broken("README.md", "docs/nonesuch.md"), /leads nowhere/);
  assert.match(broken("README.md", "../outside.md"), /leads nowhere/);
  assert.match(broken("README.md", "HACKING.md#nonesuch"), /no heading/);
});

test("no path of somebody's machine", () => {
  const private_path = /(^|[\s`"'(=])\/(home|root|Users|tmp|work|mnt|srv)\//m;
  for (const d of documents) assert.doesNotMatch(read(d), private_path, d);
  // Put together here, so that nobody else who looks for such paths finds these.
  for (const bad of ["home", "root", "tmp"].flatMap((d) => [`/${d}/x`, `see \`/${d}/x/y\``, `a\n/${d}/x`]))
    assert.match(bad, private_path);
});

test("every goal of make that is named exists", () => {
  let seen = 0;
  for (const d of documents)
    for (const [, words] of read(d).matchAll(/(?:^ {4}|`)make((?: +[A-Za-z_]+=(?:"[^"]*"|\S+)| +[a-z][a-z0-9-]+)+)/gm))
      // In an indented line what stands behind two blanks explains.
      for (const word of words.trim().split(/ {2,}/)[0].match(/[A-Z_]+=(?:"[^"]*"|\S+)|[a-z][a-z0-9-]+/g) ?? [])
        if (!word.includes("=")) {
          assert.ok(goals.has(word), `${d}: make ${word}`);
          seen++;
        }
  assert.ok(seen >= 15, `${seen} goals`);
});

test("every path of the tree that is named exists", () => {
  const rooms = "base|switchmgr|profiles|appliance|tools|webui|tests|models|capabilities|chassis|docs";
  const named = documents.filter((d) => d !== "CHANGELOG.md").flatMap((d) =>
    [...read(d).matchAll(new RegExp(`\`((?:${rooms})/[A-Za-z0-9_./*-]*)\``, "g"))].map((m) => [d, m[1]]));
  assert.ok(named.length > 60, `${named.length} paths`);
  // A star, or a word like MODEL, stands for something that is there.
  const is = (path) => {
    const pattern = path.replaceAll(".", "\\.").replace(/\*|(?<=\/)[A-Z]{3,}(?=\\?\.)/g, "[^/]*");
    return existsSync(join(top, path)) || files.some((f) => new RegExp(`^${pattern}$`).test(f));
  };
  assert.deepEqual(named.filter(([, path]) => !is(path)), []);
  assert.equal(is("appliance/nonesuch_*.c"), false);
  assert.equal(is("profiles/store_*.c"), true);
});

// ---- decisions ----

test("every decision is in the index, under its title, with its four parts", () => {
  const index = read("docs/adr/README.md");
  const rows = [...index.matchAll(/^\| \[(\d{4})\]\(([^)]+)\) \| ([^|]+) \|/gm)];
  const pages = files.filter((f) => /^docs\/adr\/\d{4}-.*\.md$/.test(f));
  assert.deepEqual(rows.map((r) => `docs/adr/${r[2]}`), pages.sort());
  for (const [, number, path, title] of rows) {
    const text = read(`docs/adr/${path}`);
    assert.ok(text.startsWith(`# ${number}: ${title.trim()}\n`), `${path}: its title is "${title.trim()}"`);
    for (const part of ["Situation", "Decision", "Consequences", "What would change it"])
      assert.ok(text.includes(`\n**${part}.** `), `${path}: ${part}`);
  }
});

test("every outside library of tools/rooms has its line", () => {
  const names = { "jansson.h": "jansson", "sodium.h": "libsodium", "pci/": "libpci", "sqlite3.h": "SQLite",
    "libxml/": "libxml2", "seccomp.h": "libseccomp", "microhttpd.h": "libmicrohttpd", "gnutls/": "GnuTLS", "ini.h": "libinih",
    "curl/": "libcurl", "fuse.h": "libfuse3", "fuse3/": "libfuse3", "fuse_lowlevel.h": "libfuse3", "fuse_opt.h": "libfuse3",
    "check.h": "Check" };
  const page = read("docs/adr/0012-libraries.md");
  const rows = read("tools/rooms").replace(/#.*/g, "").split("\n").map((l) => l.trim().split(/\s+/))
    .filter((f) => f.length === 3 && !["private", "pure", "impure", "exports"].includes(f[0]));
  const headers = rows.flatMap(([, , outside]) => outside.split(",")).filter((h) => h !== "-" && h !== "*");
  assert.ok(headers.length > 10);
  for (const header of headers) {
    assert.ok(names[header], `tools/rooms: ${header} is new; it needs a line in 0012-libraries.md`);
    assert.match(page, new RegExp(`^\\| ${names[header]} \\|`, "m"), header);
  }
  const { dependencies, devDependencies } = JSON.parse(read("webui/package.json"));
  for (const name of Object.keys({ ...dependencies, ...devDependencies }))
    assert.ok(page.toLowerCase().includes(name), `webui/package.json: ${name}`);
});

// ---- ARCHITECTURE.md ----

/** First and last line of a function's definition in a file, or null. */
function lines(path, name) {
  const text = read(path).split("\n");
  const head = path.endsWith(".c") ? new RegExp(`^${name}\\(`) : new RegExp(`^(export )?(async )?function ${name}\\b`);
  const first = text.findIndex((l) => head.test(l));
  const last = first < 0 ? -1 : text.findIndex((l, i) => i > first && /^\}/.test(l));
  return last < 0 ? null : last - first + 1;
}

function walk() {
  const rows = [...read("ARCHITECTURE.md").matchAll(/^\| ([^|]*) ?\| `([^`|]+)` \| ([^|]+) \| (\d+|–) \|$/gm)];
  return rows.map(([, , path, names, count]) => ({ path, names: [...names.matchAll(/`(\w+)\(\)`/g)].map((m) => m[1]), count }));
}

test("the walk: every function is where it is said to be, and as long", () => {
  const rows = walk().filter((r) => r.count !== "–");
  assert.ok(rows.length > 30, `${rows.length} rows`);
  for (const { path, names, count } of rows) {
    assert.ok(names.length > 0, path);
    const found = names.map((n) => [n, lines(path, n)]);
    for (const [name, n] of found) assert.ok(n !== null, `${path} has no ${name}()`);
    // About right: who follows the walk wants to know if it is ten lines or a hundred.
    const sum = found.reduce((s, [, n]) => s + n, 0);
    assert.ok(Math.abs(sum - Number(count)) <= 10 + sum / 3, `${path}: ${names.join(" ")} are ${sum} lines, not ${count}`);
  }
  assert.equal(lines("appliance/engine/plan.c", "nonesuch"), null);
});

test("every function named outside the walk exists", () => {
  const rows = walk();
  const named = new Set([...read("ARCHITECTURE.md").matchAll(/`(\w+)\(\)`/g)].map((m) => m[1]));
  for (const r of rows) for (const n of r.names) named.delete(n);
  const sources = files.filter((f) => /\.c$/.test(f));
  for (const name of named) assert.ok(sources.some((f) => lines(f, name) !== null), `${name}()`);
});

test("every invariant names tests that are there, or says that there is none", () => {
  const section = read("ARCHITECTURE.md").split(/^## 7\. /m)[1];
  const rows = [...section.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)];
  assert.deepEqual(rows.map((r) => Number(r[1])), Array.from({ length: rows.length }, (_, i) => i + 1));
  assert.ok(rows.length >= 14);
  for (const [, number, , held] of rows) {
    const tests = [...held.matchAll(/`(tests\/[^`]+)`((?:[ ,]*\*[^*]+\*)*)/g)];
    assert.ok(tests.length > 0 || /none yet|`make lint-rooms`/.test(held), `invariant ${number} is held by nothing`);
    for (const [, path, names] of tests)
      for (const [, name] of names.matchAll(/\*([^*]+)\*/g))
        assert.ok(read(path).includes(name), `invariant ${number}: ${path} has no "${name}"`);
  }
});

// ---- README.md ----

test("one screen of README.md comes before the tour", () => {
  const [before] = read("README.md").split(/^## Five minutes$/m);
  assert.ok(before.split("\n").length <= 30);
  assert.match(before, /^ {4}make run /m);
  assert.match(before, /^ {4}make check /m);
});

test("the tour of README.md works, command by command", async () => {
  const blocks = [...read("README.md").matchAll(/^```sh\n([^]*?)^```$/gm)].map((m) => m[1]);
  assert.ok(blocks.length >= 3);
  const house = await new House({ name: "docs" }).start();
  const cwd = mkdtempSync(join(tmpdir(), "polyroot-docs-"));
  try {
    symlinkSync(objects, join(cwd, "build"));
    assert.ok(statSync(program("polyroot")).isFile());
    const done = spawnSync("bash", ["-euo", "pipefail", "-c", blocks.join("\n")], { cwd, encoding: "utf8", timeout: 120_000,
      env: { PATH: process.env.PATH, HOME: cwd, RUN_DIR: house.dir, PORT: String(house.port) } });
    assert.equal(done.status, 0, `${done.stdout}\n${done.stderr}`);
    const said = done.stdout;
    assert.match(said, /"state": "applied"/);
    assert.equal(said.match(/"applied"/g).length, 3, said);
    assert.match(said, /\{"slot":3,.*"mac":"([0-9A-F:]{17})","vlans":\[120\][^]*\{"slot":4,.*"mac":"\1"/);
    assert.match(said, /\{"count":0,/);
    assert.match(said, /\bbound\b.*\besx-01\b/);
    const profile = await house.must(200, "GET", "/profiles/esx-01");
    assert.equal(profile.slot, 3, "undone, and the dry run moved nothing");
  } finally {
    await house.stop();
    rmSync(cwd, { recursive: true, force: true });
  }
});
