import type { Evt } from "@evt/core";
import { type FailureMode, failing } from "@evt/core/testing";
import { Problem } from "../problem.js";

/** Values of the parameter `simulateFailure`. `true` is the same as `before`. */
export type SimulatedFailure = FailureMode | "true" | "false" | undefined;

/**
 * Returns a function that returns the evt for a value of `simulateFailure`. Each failure mode has its own evt, with its
 * own queue.
 */
export function failureSimulation(evt: Evt, enabled: boolean): (failure: SimulatedFailure) => Evt {
  const simulated = enabled ? failingEvts(evt) : undefined;
  return (failure = "false") => {
    if (failure === "false") return evt;
    if (simulated !== undefined) return simulated[failure];
    throw new Problem(403, "EVT_FORBIDDEN", "this server does not simulate failures; omit simulateFailure");
  };
}

function failingEvts(evt: Evt): Readonly<Record<FailureMode | "true", Evt>> {
  // no retries and no breaker, because the client must see the failure it asked for
  const failingAs = (mode: FailureMode) =>
    evt.withStore((store) => failing(store, mode), { attempts: 1, breaker: false });
  const before = failingAs("before");
  return { true: before, before, after: failingAs("after"), slow: failingAs("slow") };
}
