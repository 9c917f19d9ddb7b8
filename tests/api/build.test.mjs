// The tools that build us: each must do what its head says, and must be seen
// to fail.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const objects = resolve(top, process.env.B ?? "build");
const scratch = mkdtempSync(join(tmpdir(), "polyroot-build-"));
after(() => rmSync(scratch, { recursive: true }));

// Make's own variables (CI, MAKEFLAGS, DEPS) must not reach what is tested.
function run(program, args, env = {}, cwd = top) {
  const done = spawnSync(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: scratch, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  assert.equal(done.error, undefined);
  return { rc: done.status, out: done.stdout, err: done.stderr };
}

function script(name, text) {
  const path = join(scratch, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function bootstrap(deps, groups, env = {}) {
  const file = join(scratch, "deps");
  writeFileSync(file, deps);
  return run("tools/bootstrap", groups, { DEPS_FILE: file, DEPS: "no", ...env });
}

test("bootstrap: nothing missing says nothing", () => {
  const { rc, out, err } = bootstrap("run dpkg - x\nrun nonesuch command:sh x\n", ["run"]);
  assert.deepEqual([rc, out, err], [0, "", ""]);
});

test("bootstrap: DEPS=no ends with the command", () => {
  const { rc, err } = bootstrap("run polyroot-none - x\n", ["run"]);
  assert.equal(rc, 2);
  assert.match(err, /apt-get install -y --no-install-recommends polyroot-none\n/);
});

test("bootstrap: only the groups that were asked for", () => {
  const deps = "run polyroot-a - x\ncheck polyroot-b - x\nbench polyroot-c - x\n";
  assert.match(bootstrap(deps, ["run"]).err, /recommends polyroot-a\n/);
  assert.match(bootstrap(deps, ["run", "check"]).err, /recommends polyroot-a polyroot-b\n/);
  assert.match(bootstrap(deps, []).err, /recommends polyroot-a\n/);
  assert.equal(bootstrap(deps, ["fuzz"]).rc, 0);
  assert.equal(bootstrap(deps, ["nonesuch"]).rc, 2);
});

test("bootstrap: a tool by command and version is not asked for", () => {
  mkdirSync(join(scratch, "bin"), { recursive: true });
  script("bin/polytool", "#!/bin/sh\necho v18.19.0\n");
  const env = { PATH: `${join(scratch, "bin")}:${process.env.PATH}` };
  const row = (v) => `run polyroot-none command:polytool${v} x\n`;
  assert.equal(bootstrap(row(""), ["run"], env).rc, 0);
  assert.equal(bootstrap(row(">=18"), ["run"], env).rc, 0);
  assert.equal(bootstrap(row(">=19"), ["run"], env).rc, 2);
  assert.equal(bootstrap(row(">=18"), ["run"]).rc, 2);
});

test("bootstrap: every row of the real list is whole", () => {
  const text = execFileSync("sed", ["s/#.*//", "tools/deps.debian"], { cwd: top, encoding: "utf8" });
  const rows = text.split("\n").filter((l) => l.trim() !== "");
  assert.ok(rows.length > 20);
  for (const row of rows)
    assert.match(row, /^(run|check|bench|fuzz) +[a-z0-9.+-]+ +(-|command:[a-z0-9+-]+(>=\d+)?) +\S/);
});

test("embed: rows sorted by path, both forms, the right type and tag", () => {
  const dir = join(scratch, "ui");
  mkdirSync(join(dir, "a"), { recursive: true });
  const files = { "index.html": "<p>\"\\\0x</p>", "a/app.js": "1;".repeat(999), "b.svg": "" };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dir, name), text);
    writeFileSync(join(dir, `${name}.gz`), gzipSync(text));
  }
  const { rc, out, err } = run(join(objects, "tools/embed"), Object.keys(files), {}, dir);
  assert.equal(rc, 0, err);
  const rows = [...out.matchAll(/\{ "(\/[^"]*)", "([^"]*)",\s*"\\"([0-9a-f]{64})\\"",\s*data_(\d+), (\d+), gz_\4, (\d+) \}/g)];
  assert.deepEqual(rows.map((r) => r[1]), ["/a/app.js", "/b.svg", "/index.html"]);
  assert.match(out, /const size_t static_n = 3;/);
  const bytes = (name) => Buffer.from(
    new RegExp(`${name}\\[\\] = \\{([^}]*)\\}`).exec(out)[1].trim().split(/,\s*/).map(Number));
  for (const [, path, type, tag, i, size, gz] of rows) {
    const want = Buffer.from(files[path.slice(1)]);
    assert.equal(type.split(";")[0], { js: "text/javascript", svg: "image/svg+xml", html: "text/html" }[path.split(".")[1]]);
    assert.equal(tag, createHash("sha256").update(want).digest("hex"));
    assert.deepEqual(bytes(`data_${i}`).subarray(0, Number(size)), want);
    assert.deepEqual(gunzipSync(bytes(`gz_${i}`).subarray(0, Number(gz))), want);
  }
});

test("embed: refuses what it cannot read or serve", () => {
  for (const name of ["nonesuch", "/etc/passwd", "../x", 'a"b'])
    assert.equal(run(join(objects, "tools/embed"), [name], {}, scratch).rc, 1);
});

test("run-tests: goes on after a failure, counts, and tells", () => {
  const good = script("good", "#!/bin/sh\necho ran good\n");
  const bad = script("bad", "#!/bin/sh\nexit 3\n");
  const died = script("died", "#!/bin/sh\nkill -9 $$\n");
  let done = run("tools/run-tests", [bad, died, good]);
  assert.equal(done.rc, 1);
  assert.match(done.out, /ran good\nfailed: bad died\n1 passed, 2 failed\n$/);
  done = run("tools/run-tests", [good, good]);
  assert.equal(done.rc, 0);
  assert.match(done.out, /\n2 passed, 0 failed\n$/);
  assert.equal(run("tools/run-tests", []).rc, 1);
  done = run("tools/run-tests", [script("hung", "#!/bin/sh\nexec tail -f /dev/null\n")], { TEST_SECONDS: "1" });
  assert.match(done.out, /\n?0 passed, 1 failed\n$/);
});

test("run-node: a failing test fails, none is told", () => {
  const dir = join(scratch, "node");
  mkdirSync(dir);
  assert.match(run("tools/run-node", [dir]).out, /no tests here/);
  writeFileSync(join(dir, "a.test.mjs"), 'import { test } from "node:test"; test("x", () => { throw 1; });');
  assert.notEqual(run("tools/run-node", [dir]).rc, 0);
  writeFileSync(join(dir, "a.test.mjs"), 'import { test } from "node:test"; test("x", () => {});');
  assert.equal(run("tools/run-node", [dir]).rc, 0);
});

test("lint-symbols: a name that is not the module's is reported", () => {
  mkdirSync(join(scratch, "obj/base"), { recursive: true });
  const lint = (text) => {
    writeFileSync(join(scratch, "pipe_end.c"), text);
    execFileSync("cc", ["-c", "-o", join(scratch, "obj/base/pipe_end.o"), join(scratch, "pipe_end.c")]);
    return run("tools/lint-symbols", ["base/pipe_end.c"], { B: join(scratch, "obj") });
  };
  assert.equal(lint("int pipe_end; int pipe_end_open(void){return 0;} int pipe_x; static int other;").rc, 0);
  const { rc, out } = lint("int pipe_end; int pipeline(void){return 0;} int main(void){return 0;}");
  assert.equal(rc, 1);
  assert.match(out, /base\/pipe_end\.c: exports pipeline; expected pipe_end_\*/);
  assert.match(out, /exports main/);
  assert.equal(run("tools/lint-symbols", ["base/nonesuch.c"], { B: scratch }).rc, 2);
});

test("lint-headers: alone, and twice", () => {
  const lint = (text) => {
    const path = join(scratch, "h.h");
    writeFileSync(path, text);
    return run("tools/lint-headers", [path], { CC: "cc" }).rc;
  };
  assert.equal(lint("#ifndef H\n#define H\n#include <stddef.h>\nstruct h { size_t n; };\n#endif\n"), 0);
  assert.equal(lint("struct h { size_t n; };\n"), 1);
  assert.equal(lint("struct h { int n; };\n"), 1);
});

test("unmount: a directory without mounts is left alone", () => {
  assert.deepEqual(run("tools/unmount", [scratch, join(scratch, "nonesuch")]), { rc: 0, out: "", err: "" });
});
