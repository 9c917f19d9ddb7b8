// kill -9 of polyrootd and of the switch manager during a move: a sample that
// make check can afford.  KILLS= is the most tries of each kind; make torture
// visits every point (tests/torture/kill.test.mjs).
import { describe } from "node:test";
import { killTests, whyNoTrace } from "../torture/kill.mjs";

describe("kill", { skip: whyNoTrace() }, () => {
  killTests(["commit", "take", "answer"], { most: Number(process.env.KILLS ?? 10), least: 5 });
});
