// kill -9 at every point of a move, over both back ends of the configuration
// access.  KILLS= is the most tries of each kind (all).
import { describe } from "node:test";
import { whyNoFuse } from "../api/lib.mjs";
import { POINTS, killTests, whyNoTrace } from "./kill.mjs";

const most = Number(process.env.KILLS ?? Infinity);

describe("kill, over the socket", { skip: whyNoTrace() }, () => {
  killTests(Object.keys(POINTS), { most, least: 5 });
});

describe("kill, over the emulated sysfs", { skip: whyNoTrace() || whyNoFuse() }, () => {
  killTests(["take", "answer"], { most, least: 5, fuse: true });
});
