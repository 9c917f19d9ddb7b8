// What a browser fetches before the rack is visible: at most 40 kB of script
// and style, gzip -9; the rest at most 40 kB more.  And no inline anything.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";

const dist = process.env.DIST ?? ["dist", "webui/dist"].find((d) => existsSync(join(d, "app.js"))) ?? "dist";
const gz = (f: string): number => gzipSync(readFileSync(join(dist, f)), { level: 9 }).length;
const html = readFileSync(join(dist, "index.html"), "utf8");
const linked = [...html.matchAll(/(?:href|src)="\/([^"]+\.(?:js|css))"/g)].map((m) => m[1] as string);

test("first load", () => {
	assert.ok(linked.includes("app.js") && linked.includes("styles.css"));
	const total = linked.reduce((t, f) => t + gz(f), 0);
	assert.ok(total <= 40_000, `${total} bytes`);
});

test("all of it", () => {
	const total = readdirSync(dist).filter((f) => /\.(js|css)$/.test(f)).reduce((t, f) => t + gz(f), 0);
	assert.ok(total <= 80_000, `${total} bytes`);
});

test("nothing that a strict policy forbids", () => {
	assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/);
	assert.doesNotMatch(html, /(?:href|src)="(?:https?:)?\/\//);
});
