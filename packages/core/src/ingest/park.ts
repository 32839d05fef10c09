import type { ParkedEvent } from "../event.js";
import { type EvtError, storeFailure } from "../evt-error.js";
import type { Failed, Outcome } from "../outcome.js";
import { isolate } from "../queue/isolate.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import { tenantOfAll } from "../queue/store-in-turns.js";
import { Deadline } from "../runtime/deadline.js";
import type { Turns } from "../runtime/turns.js";
import type { Store } from "../store.js";

export interface ParkOptions extends RetryContext {
  readonly store: Store;
  /** Shared with reads: a tenant's parking cannot take the connections of everyone's inserts either. */
  readonly turns: Turns;
  /** The time for parking, its retries included. */
  readonly parkTimeoutMs: number;
}

/**
 * Parks what was not counted, before it is answered. What cannot be parked is `failed`, whatever it was before:
 * answered as rejected it would be lost, since its sender need not send it again.
 * @throws EvtError `EVT_SCHEMA_OUTDATED`
 */
export async function parkUncounted(
  outcomes: readonly Outcome[],
  options: ParkOptions,
): Promise<readonly Outcome[]> {
  const uncounted = outcomes.filter((outcome) => "parked" in outcome);
  if (uncounted.length === 0) return outcomes;
  const errors = await park(
    uncounted.map((outcome) => outcome.parked),
    options,
  );
  const kept = new Map<Outcome, Outcome>(
    uncounted.map((outcome, i) => [outcome, settle(outcome, errors[i])]),
  );
  return outcomes.map((outcome) => kept.get(outcome) ?? outcome);
}

function settle(outcome: Extract<Outcome, { parked: ParkedEvent }>, error: EvtError | undefined): Outcome {
  if (outcome.outcome === "failed") return { ...outcome, kept: error === undefined };
  return error === undefined ? outcome : unkept(outcome.parked, error);
}

function unkept(parked: ParkedEvent, { code, message, cause }: EvtError): Failed {
  const error = { code, message: `it was not counted, and could not be kept either: ${message}` };
  return {
    outcome: "failed",
    id: parked.id,
    parked: { ...parked, status: "failed", error },
    kept: false,
    error,
    cause,
  };
}

/** For each event the error that kept it from being parked. */
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
