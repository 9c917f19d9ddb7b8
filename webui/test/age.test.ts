// Ages, and the server's clock that they are counted on.
import assert from "node:assert/strict";
import test from "node:test";
import { ServerClock, span, took } from "../src/age";

const SPANS: [number, string][] = [
	[0, "0 s"], [-5000, "0 s"], [999, "0 s"], [59_999, "59 s"], [60_000, "1 min"], [3_599_999, "59 min"],
	[3_600_000, "1 h"], [86_399_999, "23 h"], [86_400_000, "1 d"], [NaN, "–"],
];

for (const [ms, want] of SPANS) test(`${ms} ms is ${want}`, () => assert.equal(span(ms), want));

test("steps show tenths", () => {
	assert.equal(took(1234), "1.2 s");
	assert.equal(took(12_345), "12 s");
	assert.equal(took(NaN), "");
});

test("the server's clock runs on our counter, not on our clock", () => {
	let t = 1000;
	const c = new ServerClock(() => t);
	c.set("2031-01-01T00:00:00Z");
	t += 2500;
	assert.equal(c.now(), Date.parse("2031-01-01T00:00:02.500Z"));
	c.set("nonsense");
	assert.equal(c.now(), Date.parse("2031-01-01T00:00:02.500Z"));
	c.set("2031-01-01T00:01:00Z");
	assert.equal(c.now(), Date.parse("2031-01-01T00:01:00Z"));
});
