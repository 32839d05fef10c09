// `@evt/core/testing`: for tests and drills of applications that use evt.
export type { FailingOptions, FailureMode } from "../testing/failing-store.js";
export { failing } from "../testing/failing-store.js";
export type { FakeRuntimeOptions } from "../testing/fake-runtime.js";
export { FakeRuntime, settle } from "../testing/fake-runtime.js";
export { seededRandom } from "../testing/seeded-random.js";
