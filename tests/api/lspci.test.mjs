// The emulated chassis through the real lspci and setpci, on its FUSE tree.
import assert from "node:assert/strict";
import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, lstatSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync,
  realpathSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const top = resolve(fileURLToPath(import.meta.url), "../../..");
const emulator = join(resolve(top, process.env.B ?? "build"), "polyroot-emu");
const chassis = join(top, "chassis/vio-4001.json");
const env = { ...process.env, PATH: [process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter) };
const run = promisify(execFile);

// The host has no modules of its own kernel; lspci says so about any tree.
const ofTheHost = /^lspci: Unable to load libkmod resources: error -\d+$/;

function whyNot() {
  for (const tool of ["lspci", "setpci"])
    if (spawnSync(tool, ["--version"], { env }).error) return `there is no ${tool}`;
  try {
    closeSync(openSync("/dev/fuse", "r+"));
  } catch (e) {
    return `/dev/fuse cannot be used: ${e.code}`;
  }
  if (process.getuid() !== 0 && spawnSync("fusermount3", ["--version"]).error)
    return "there is no fusermount3";
  return false;
}

class Emulator {
  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), "polyroot-lspci-"));
    this.sys = join(this.dir, "sys");
    this.pci = join(this.sys, "bus/pci");
  }

  async start() {
    this.log = "";
    this.child = spawn(emulator,
      ["--chassis", chassis, "--dir", this.dir, "--fuse", this.sys],
      { stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout.on("data", (d) => { this.log += d; });
    this.child.stderr.on("data", (d) => { this.log += d; });
    this.ended = once(this.child, "exit");
    for (const end = Date.now() + 10_000; !this.up(); await pause(10))
      assert.ok(Date.now() < end && this.child.exitCode === null, `emulator: ${this.log}`);
  }

  up() {
    try {
      return readdirSync(join(this.pci, "devices")).length > 0 && existsSync(join(this.dir, "control.sock"));
    } catch {
      return false;
    }
  }

  async stop(signal) {
    this.child.kill(signal);
    return (await this.ended)[0];
  }

  async ctl(...words) {
    const { stdout } = await run(emulator, ["ctl", join(this.dir, "control.sock"), ...words]);
    return JSON.parse(stdout);
  }

  // Asynchronous on purpose: a blocked test process would be a blocked reader of pipes.
  async lspci(...args) {
    const done = await run("lspci", ["-O", `sysfs.path=${this.pci}`, ...args], { env, maxBuffer: 1 << 24 });
    done.warnings = done.stderr.split("\n").filter((l) => l !== "" && !ofTheHost.test(l));
    return done;
  }

  async setpci(slot, ...args) {
    const { stdout } = await run("setpci", ["-O", `sysfs.path=${this.pci}`, "-s", slot, ...args], { env });
    return stdout.trim();
  }

  config(name) {
    return join(this.pci, "devices", name, "config");
  }
}

// Paragraphs of `lspci -v…`, each with its first line's address and words.
function paragraphs(text) {
  return text.trim().split("\n\n").map((p) => ({ at: p.slice(0, 7), title: p.split("\n")[0], text: p }));
}

function attempt(f) {
  try {
    return f();
  } catch (e) {
    return e.code;
  }
}

describe("lspci", { skip: whyNot() }, () => {
  const emu = new Emulator();
  let all, byTitle;

  before(async () => {
    await emu.start();
    const { stdout, warnings } = await emu.lspci("-D", "-vvv");
    assert.deepEqual(warnings, []);
    all = paragraphs(stdout.replaceAll(/^0000:/gm, ""));
    byTitle = (re) => all.filter((p) => re.test(p.title));
  });
  after(async () => {
    if (emu.child?.exitCode === null && emu.child.signalCode === null) await emu.stop("SIGTERM");
    spawnSync("fusermount3", ["-q", "-u", "-z", emu.sys]);	// after a failure only
    rmSync(emu.dir, { recursive: true, force: true });
  });

  test("every function is decoded without a warning", () => {
    assert.equal(all.length, 2 + 5 + 2 * 4 + 1);
    for (const p of all)
      assert.doesNotMatch(p.text, /<chain (broken|looped)>|<unreadable>|<access denied>|!!!|Unknown header/, p.title);
  });

  test("cards by name", () => {
    const cards = [
      [/^..:00\.[01] Ethernet controller: Intel Corporation 82599ES /, /Subsystem: Intel .* X520-2$/m, 4],
      [/^..:00\.[01] Fibre Channel: QLogic .* ISP2532-based /, /Subsystem: QLogic .* QLE2562 /, 4],
      [/^..:00\.0 RAID bus controller: .* MegaRAID SAS 2108 /, /Subsystem: .* MegaRAID SAS 9260-4i$/m, 1],
    ];
    for (const [title, subsystem, n] of cards) {
      assert.equal(byTitle(title).length, n, String(title));
      for (const p of byTitle(title)) assert.match(p.text, subsystem);
    }
  });

  test("SR-IOV of the 82599", () => {
    for (const p of byTitle(/82599ES/)) {
      assert.match(p.text, /\[160 v1\] Single Root I\/O Virtualization \(SR-IOV\)\n\t\tIOVCap:\tMigration- /);
      assert.match(p.text, /Initial VFs: 64, Total VFs: 64, Number of VFs: 0/);
      assert.match(p.text, /VF offset: 128, stride: 2, Device ID: 10ed\n/);
      assert.match(p.text, /Supported Page Size: 00000553, System Page Size: 00000001\n/);
      assert.match(p.text, /\[150 v1\] Alternative Routing-ID Interpretation \(ARI\)/);
      assert.match(p.text, /\[140 v1\] Device Serial Number /);
      assert.match(p.text, /\[70\] MSI-X: Enable- Count=64 /);
    }
  });

  test("MR-IOV on the switch and on each module's base function, nowhere else", () => {
    const with11 = all.filter((p) => /Multi-Root I\/O Virtualization/.test(p.text)).map((p) => p.at);
    assert.deepEqual(with11, ["01:00.0", "03:00.0", "05:00.0", "07:00.0", "09:00.0", "0b:00.0"]);
  });

  test("a slot with its card above each module", () => {
    const slots = all.filter((p) => /Downstream Port \(Slot\+\)/.test(p.text));
    assert.equal(slots.length, 5);
    slots.forEach((p, i) => {
      assert.match(p.text, new RegExp(`Slot #${i + 1},`));
      assert.match(p.text, /SltSta:.*PresDet\+/);
      assert.match(p.text, /DevCtl2:.*ARIFwd\+/);
    });
  });

  test("the tree", async () => {
    const { stdout, warnings } = await emu.lspci("-tv");
    assert.deepEqual(warnings, []);
    assert.match(stdout, /^-\[0000:00\]---01\.0-\[01-0c\]----00\.0-\[02-0c\]--\+-00\.0-\[03-04\]--\+-00\.0 {2}Intel .*82599ES/);
    assert.match(stdout, /-04\.0-\[0b-0c\]----00\.0 {2}.* MegaRAID SAS 2108/);
    assert.equal(realpathSync(join(emu.pci, "devices/0000:03:00.1")),
      realpathSync(join(emu.sys, "devices/pci0000:00/0000:00:01.0/0000:01:00.0/0000:02:00.0/0000:03:00.1")));
  });

  test("4096 bytes, no more, and the files beside them", async () => {
    const { stdout } = await emu.lspci("-xxxx", "-s", "03:00.0");
    assert.equal(stdout.match(/^[0-9a-f]{2,3}: /gm).length, 256);
    assert.equal(lstatSync(emu.config("0000:03:00.0")).size, 4096);
    assert.equal(readFileSync(emu.config("0000:03:00.0")).length, 4096);
    const file = (name) => readFileSync(join(emu.pci, "devices/0000:03:00.0", name), "utf8");
    const files = { vendor: "0x8086\n", device: "0x10fb\n", class: "0x020000\n", revision: "0x01\n",
      subsystem_vendor: "0x8086\n", numa_node: "-1\n" };
    for (const [name, text] of Object.entries(files)) assert.equal(file(name), text);
    assert.equal(file("resource").trim().split("\n").length, 13);
    const fd = openSync(emu.config("0000:03:00.0"), "r");
    assert.equal(readSync(fd, Buffer.alloc(8), 0, 8, 4094), 2);
    assert.equal(readSync(fd, Buffer.alloc(8), 0, 8, 4096), 0);
    closeSync(fd);
  });

  test("setpci: read-only stays", async () => {
    await emu.setpci("03:00.0", "0.l=12345678", "8.l=ffffffff", "34.b=0");
    assert.equal(await emu.setpci("03:00.0", "0.l", "8.l", "34.b"), "10fb8086\n02000001\n40");
    await emu.setpci("03:00.0", "ECAP_SRIOV+e.w=7", "ECAP_MRIOV.l=0", "ECAP_MRIOV+4.l=0");
    assert.equal(await emu.setpci("03:00.0", "ECAP_SRIOV+e.w", "ECAP_MRIOV.l"), "0040\n00010011");
    assert.equal(await emu.setpci("03:00.0", "ECAP_MRIOV+4.l"), "50520102");
    assert.equal(await emu.setpci("01:00.0", "ECAP_MRIOV+4.l"), "50520101");
  });

  test("setpci: write 1 to clear", async () => {
    const status = () => emu.setpci("02:00.0", "CAP_EXP+1a.w");
    assert.equal(await status(), "0148");		// presence, changed at power-up
    await emu.setpci("02:00.0", "CAP_EXP+1a.w=0000");
    assert.equal(await status(), "0148");
    await emu.setpci("02:00.0", "CAP_EXP+1a.w=0008");
    assert.equal(await status(), "0140");
    await emu.setpci("02:00.0", "CAP_EXP+1a.w=ffff");
    assert.equal(await status(), "0040");
  });

  test("setpci: NumVFs is locked while VFs are enabled", async () => {
    const vfs = ["05:00.1", "ECAP_SRIOV+10.w"];
    await emu.setpci("05:00.1", "ECAP_SRIOV+10.w=20", "ECAP_SRIOV+8.w=1", "ECAP_SRIOV+10.w=3");
    assert.equal(await emu.setpci(...vfs), "0020");
    await emu.setpci("05:00.1", "ECAP_SRIOV+8.w=0", "ECAP_SRIOV+10.w=0");
    assert.equal(await emu.setpci(...vfs), "0000");
  });

  test("out of range", () => {
    const fd = openSync(emu.config("0000:03:00.0"), "r+");
    assert.equal(attempt(() => writeSync(fd, Buffer.alloc(4), 0, 4, 4096)), "EFBIG");
    assert.equal(attempt(() => writeSync(fd, Buffer.alloc(4), 0, 4, 4094)), 2);
    closeSync(fd);
    assert.equal(lstatSync(emu.config("0000:03:00.0")).size, 4096);
    if (process.getuid() !== 0)
      assert.equal(attempt(() => openSync(join(emu.pci, "devices/0000:03:00.0/vendor"), "r+")), "EACCES");
  });

  test("a card that is pulled is gone, and one that is inserted is there", async () => {
    const fd = openSync(emu.config("0000:05:00.0"), "r");
    const before = (await emu.lspci()).stdout;
    await emu.ctl("pull", "bay", "2");
    assert.equal(attempt(() => readSync(fd, Buffer.alloc(4), 0, 4, 0)), "ENODEV");
    closeSync(fd);
    const { stdout, warnings } = await emu.lspci("-vvv");
    assert.deepEqual(warnings, []);
    assert.deepEqual(paragraphs(stdout).filter((p) => p.at.startsWith("05:")), []);
    assert.match(stdout, /Slot #2,[^]*?PresDet-/);
    await emu.ctl("insert", "bay", "2", "X520-SR2");
    assert.equal((await emu.lspci()).stdout, before);
  });

  test("what a killed emulator left mounted is cleared at the next start", async () => {
    await emu.stop("SIGKILL");
    assert.equal(attempt(() => readdirSync(emu.sys)), "ENOTCONN");
    await emu.start();
    assert.equal((await emu.lspci()).stdout.trim().split("\n").length, all.length);
  });

  test("a live mount is left alone", async () => {
    const dir = mkdtempSync(join(tmpdir(), "polyroot-lspci-"));
    const other = await run(emulator, ["--chassis", chassis, "--dir", dir, "--fuse", emu.sys])
      .then(() => ({ code: 0, stderr: "" }), (e) => e);
    rmSync(dir, { recursive: true });
    assert.notEqual(other.code, 0);
    assert.match(other.stderr, /something is mounted there/);
    assert.ok(emu.up());
  });

  test("SIGTERM unmounts", async () => {
    assert.equal(await emu.stop("SIGTERM"), 0);
    assert.deepEqual(readdirSync(emu.sys), []);
  });
});
