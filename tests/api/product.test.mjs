// A few cells of the fault product on the real processes; make torture does 50
// (tests/torture/product.test.mjs), tests/sim/test_product.c the rest.
import { describe } from "node:test";
import { productTests } from "../torture/product.mjs";

describe("fault product", () => {
  productTests("product", { cases: 11, slow: false });
});
