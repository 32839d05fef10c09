import { type Evt, type FailureMode, failing } from "@evt/core";
import { Problem } from "../problem.js";

/** What a request may ask for; `true` is `before`. */
export type AskedFailure = FailureMode | "true" | "false" | undefined;

/** Chooses the evt that fails as a request asks. Each mode has one, made once: it has a queue of its own. */
export function failureSimulation(evt: Evt, enabled: boolean): (asked: AskedFailure) => Evt {
  const simulated = enabled ? failingEvts(evt) : undefined;
  return (asked = "false") => {
    if (asked === "false") return evt;
    if (simulated !== undefined) return simulated[asked];
    throw new Problem(
      403,
      "EVT_FORBIDDEN",
      "this server does not simulate failures; leave simulateFailure out",
    );
  };
}

function failingEvts(evt: Evt): Readonly<Record<FailureMode | "true", Evt>> {
  // at once: a failure that is wanted is not to be retried away
  const failingAs = (mode: FailureMode) =>
    evt.withStore((store) => failing(store, mode), { attempts: 1, breaker: false });
  const before = failingAs("before");
  return { true: before, before, after: failingAs("after"), slow: failingAs("slow") };
}
