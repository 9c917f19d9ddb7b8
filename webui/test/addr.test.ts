// Addresses: every usual spelling in, one spelling out.
import assert from "node:assert/strict";
import test from "node:test";
import { colons, digits, mark, spellings, understood } from "../src/addr";

const SPELLINGS: [string, string][] = [
	["02:10:18:00:00:1A", "02101800001A"],
	["02:10:18:00:00:1a", "02101800001A"],
	["02-10-18-00-00-1A", "02101800001A"],
	["02-10-18-00-00-1a", "02101800001A"],
	["0210.1800.001a", "02101800001A"],
	["02101800001a", "02101800001A"],
	["0x02101800001A", "02101800001A"],
	[" 02 10 18 00 00 1a ", "02101800001A"],
	["001a", "001A"],
	["00:1a", "001A"],
	["web-02", ""],
	["", ""],
	["02::10", ""],
	["zz", ""],
];

for (const [text, want] of SPELLINGS)
	test(`digits of "${text}"`, () => assert.equal(digits(text), want));

test("four spellings of one address", () => {
	assert.deepEqual(spellings("02:10:18:00:00:1A").map((x) => x.text),
		["02:10:18:00:00:1A", "02-10-18-00-00-1a", "0210.1800.001a", "02101800001a"]);
	for (const x of spellings("20:00:02:10:18:00:00:1A")) assert.equal(colons(digits(x.text)), "20:00:02:10:18:00:00:1A");
});

const MARKS: [string, string, [string, string, string]][] = [
	["02:10:18:00:00:1A", "001a", ["02:10:18:00:", "00:1A", ""]],
	["02:10:18:00:00:1A", "0210", ["", "02:10", ":18:00:00:1A"]],
	["02:10:18:00:00:1A", "02-10-18-00-00-1a", ["", "02:10:18:00:00:1A", ""]],
	["02:10:18:00:00:1A", "ffff", ["02:10:18:00:00:1A", "", ""]],
	["02:10:18:00:00:1A", "1", ["02:10:18:00:00:1A", "", ""]],
	["web-02", "0210", ["web-02", "", ""]],
];

for (const [value, q, want] of MARKS)
	test(`"${q}" in ${value}`, () => {
		assert.deepEqual(mark(value, q), want);
		assert.equal(mark(value, q).join(""), value);
	});

const MEANT: [string, string][] = [
	["02:10:18:00:00:1A", "whole"], ["2000021018 00001A".replace(" ", ""), "whole"], ["001a", "part"],
	["0042", "part"], ["3", "words"], ["web-02", "words"], ["net", "words"],
];

for (const [q, want] of MEANT)
	test(`"${q}" is understood as ${want}`, () => assert.equal(understood(q), want));
