import { expect, it, onTestFinished, vi } from "vitest";
import { backgroundErrors } from "../../src/runtime/background-errors.js";

const warning = { code: "EVT_TEST", failure: "the test failed" };

it("passes each error to the listener", () => {
  const listener = vi.fn();
  const report = backgroundErrors(listener, warning);
  report("a");
  report("b");
  expect(listener.mock.calls).toEqual([["a"], ["b"]]);
});

it("never throws, even if the listener throws", () => {
  const report = backgroundErrors(() => {
    throw new Error("the listener is broken");
  }, warning);
  expect(() => report("a")).not.toThrow();
});

it("emits a process warning for the first error if there is no listener", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  onTestFinished(() => warn.mockRestore());
  const report = backgroundErrors(undefined, warning);
  report(new Error("it broke"));
  report(new Error("again"));
  expect(warn.mock.calls).toEqual([
    [
      "the test failed: it broke. Later errors are not reported; set onError to receive them",
      { type: "EvtWarning", code: "EVT_TEST" },
    ],
  ]);
});
