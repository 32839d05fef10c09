export type { Ability, ModelOptions, StoreHarness, StoreUnderTest } from "./harness.js";
export type { ObligationId, StoreTest } from "./store-test.js";
export { notApplicable } from "./store-test.js";
export { storeTests } from "./store-tests.js";
