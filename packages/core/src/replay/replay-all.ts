import type { EvtError } from "../evt-error.js";
import { isolate } from "../queue/isolate.js";
import { withRetry } from "../queue/retry.js";
import { before } from "../runtime/deadline.js";
import type { Replay, ReplayOutcome } from "../store.js";
import type { ReplayContext } from "./replay-context.js";

/** The result of one replay in the store, or the expected result of a dry run. */
export type StoreResult =
  | { readonly outcome: ReplayOutcome }
  /** An earlier event of the same call would be counted for this identity. */
  | { readonly twin: string }
  | { readonly error: EvtError; readonly refused: boolean };

export type ReplayAll = (replays: readonly Replay[]) => Promise<readonly StoreResult[]>;

/** Returns a function that counts unresolved parked events in the store. */
export function counting(tenantId: string, context: ReplayContext, signal: AbortSignal): ReplayAll {
  const { store, turns } = context;
  return async (replays) => {
    const isolated = await isolate(replays, (some) =>
      turns.take(tenantId, signal, () => withRetry(() => store.replay(some, { signal }), context, signal)),
    );
    return isolated.map((each) => ("result" in each ? { outcome: each.result } : each));
  };
}

/** Returns a function that returns the expected results of the replays, and writes nothing. */
export function foresight({ store, rawChars }: ReplayContext, signal: AbortSignal): ReplayAll {
  const seen = new Set<string>();
  return async (replays) => {
    const records = replays.map(({ record }) => record);
    const holders = await before(signal, () => store.holders(records, { signal, rawChars }));
    return records.map(({ identity, id }, i): StoreResult => {
      const holder = holders[i] ?? null;
      if (holder !== null) return { outcome: { outcome: "taken", ...holder } };
      if (seen.has(identity)) return { twin: id };
      seen.add(identity);
      return { outcome: { outcome: "inserted" } };
    });
  };
}
