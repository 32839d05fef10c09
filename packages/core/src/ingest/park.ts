import type { ParkedEvent } from "../event.js";
import { type EvtError, storeFailure } from "../evt-error.js";
import { type Failed, failedOutcome, type Outcome } from "../outcome.js";
import { isolate } from "../queue/isolate.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import { tenantOfAll } from "../queue/store-in-turns.js";
import { Deadline } from "../runtime/deadline.js";
import type { Turns } from "../runtime/turns.js";
import type { Store } from "../store.js";

/** The dependencies of parking. */
export interface ParkOptions extends RetryContext {
  readonly store: Store;
  /** Shared with reads, so that the parking of one tenant cannot use up the connections that inserts need. */
  readonly turns: Turns;
  /** Time limit for parking, including retries. */
  readonly parkTimeoutMs: number;
}

/**
 * Parks the event of each outcome that has `parked`. If an event cannot be parked, its outcome is `failed`, so that its
 * sender sends it again.
 * @throws EvtError `EVT_SCHEMA_OUTDATED`
 */
export async function parkUncounted(
  outcomes: readonly Outcome[],
  options: ParkOptions,
): Promise<readonly Outcome[]> {
  const uncounted = outcomes.filter(hasParked);
  if (uncounted.length === 0) return outcomes;
  const errors = await park(
    uncounted.map((outcome) => outcome.parked),
    options,
  );
  const settled = new Map<Outcome, Outcome>(
    uncounted.map((outcome, i) => [outcome, settle(outcome, errors[i])]),
  );
  return outcomes.map((outcome) => settled.get(outcome) ?? outcome);
}

/** An outcome with an event to park. */
type WithParked = Outcome & { readonly parked: ParkedEvent };

function hasParked(outcome: Outcome): outcome is WithParked {
  return "parked" in outcome && outcome.parked !== undefined;
}

function settle(outcome: WithParked, error: EvtError | undefined): Outcome {
  if (outcome.outcome === "failed")
    return failedOutcome({ ...outcome, kept: error === undefined }, outcome.cause);
  return error === undefined ? outcome : unparked(outcome.parked, error);
}

function unparked(parked: ParkedEvent, { code, message, cause }: EvtError): Failed {
  const error = { code, message: `the event could not be parked: ${message}` };
  return failedOutcome(
    { id: parked.id, parked: { ...parked, status: "failed", error }, kept: false, error },
    cause,
  );
}

/** Parks events. Result i is the error that prevented parking event i, or `undefined`. */
async function park(
  events: readonly ParkedEvent[],
  options: ParkOptions,
): Promise<readonly (EvtError | undefined)[]> {
  const { store, turns, runtime, breaker, parkTimeoutMs } = options;
  const refusal = breaker.refusal();
  if (refusal !== null) return events.map(() => refusal);
  const deadline = new Deadline(runtime, parkTimeoutMs);
  const { signal } = deadline;
  const parkSome = async (some: readonly ParkedEvent[]) => {
    const parking = () => withRetry(() => store.park(some, { signal }), options, signal);
    await turns.take(tenantOfAll(some), signal, parking, true);
    return some.map(() => undefined);
  };
  try {
    const isolated = await isolate(events, parkSome);
    return isolated.map((each) => ("error" in each ? each.error : undefined));
  } catch (error) {
    const failure = storeFailure(error);
    if (failure.code === "EVT_SCHEMA_OUTDATED") throw failure;
    return events.map(() => failure);
  } finally {
    deadline.dispose();
  }
}
