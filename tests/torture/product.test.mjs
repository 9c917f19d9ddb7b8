// The fault product on the real processes.  CASES= is how many (50).
import { describe } from "node:test";
import { productTests } from "./product.mjs";

describe("fault product", () => {
  productTests("product", { cases: Number(process.env.CASES ?? 50), slow: true });
});
