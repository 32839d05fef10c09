import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import { concernsStore, storeFailure } from "../evt-error.js";
import type { ReplayResult } from "../outcome.js";
import { withRetry } from "../queue/retry.js";
import { Deadline } from "../runtime/deadline.js";
import { BatchKeys } from "./batch-keys.js";
import type { ReplayContext } from "./replay-context.js";
import { failed, replayEvents } from "./replay-events.js";
import { type UnwrappedParked, unwrapParked } from "./unwrap-parked.js";

/**
 * Replays parked events, and the events inside parked envelopes. Result i belongs to event i. Except in a dry run, evt
 * first parks the events of an envelope, then resolves the envelope, then replays the events. So no event is lost if the
 * process dies in between.
 */
export async function replayWithEnvelopes(
  tenantId: string,
  events: readonly ParkedEvent[],
  options: ReplayOptions,
  context: ReplayContext,
  keys: BatchKeys,
): Promise<readonly ReplayResult[]> {
  const edited = editedOnce(options);
  if (!context.choice.unwraps) return replayEvents(tenantId, events, edited, context, keys);
  const receivedAt = new Date(context.runtime.now()).toISOString();
  const { receiptId } = context.runtime;
  const parts = new Map<ParkedEvent, UnwrappedParked>();
  for (const event of events) {
    // a separate object, because the keys that are derived here are not used
    const { numbering } = new BatchKeys();
    const inside = unwrapParked(event, edited, { ...context, tenantId, receivedAt, receiptId, numbering });
    if (inside !== undefined) parts.set(event, inside);
  }
  const single = events.filter((event) => !parts.has(event));
  const results = (await replayEvents(tenantId, single, edited, context, keys)).values();
  const all: ReplayResult[] = [];
  for (const event of events) {
    const inside = parts.get(event);
    all.push(
      inside === undefined
        ? (results.next().value as ReplayResult)
        : await replayParts(tenantId, event, inside, edited, context, keys),
    );
  }
  return all;
}

async function replayParts(
  tenantId: string,
  envelope: ParkedEvent,
  { parts, choice }: UnwrappedParked,
  options: ReplayOptions,
  context: ReplayContext,
  keys: BatchKeys,
): Promise<ReplayResult> {
  const parkedId = envelope.id;
  if (parts.some(({ rawJson }) => rawJson === null)) {
    const message = "the raw events of this envelope must not be stored, so they cannot be replayed";
    const issues = [{ code: "raw_not_kept", path: "", message }] as const;
    return { parkedId, outcome: "rejected", id: null, canonical: {}, issues };
  }
  try {
    if (!options.dryRun) await split(tenantId, envelope, parts, options, context);
  } catch (error) {
    const failure = storeFailure(error);
    if (concernsStore(failure) || options.signal?.aborted) throw failure;
    return failed(parkedId, failure);
  }
  const { edit: _, ...rest } = options;
  const results = await replayEvents(tenantId, parts, rest, { ...context, choice }, keys);
  return { parkedId, outcome: "unwrapped", parts: results };
}

/** Parks the events of an envelope, then resolves the envelope. An event that is already parked is not changed. */
async function split(
  tenantId: string,
  envelope: ParkedEvent,
  parts: readonly ParkedEvent[],
  { signal: given }: ReplayOptions,
  context: ReplayContext,
): Promise<void> {
  const { store, runtime, turns, timeoutMs } = context;
  const deadline = new Deadline(runtime, timeoutMs, given);
  const { signal } = deadline;
  const asked = <T>(work: () => Promise<T>) =>
    turns.take(tenantId, signal, () => withRetry(work, context, signal), true);
  try {
    const ids = parts.map(({ id }) => id);
    // this read is outside the turn, because it takes its own turn
    const known = await withRetry(() => store.get(tenantId, ids, { signal, rawChars: 0 }), context, signal);
    const unknown = parts.filter((_, i) => known[i] === null);
    if (unknown.length > 0) await asked(() => store.park(unknown, { signal }));
    const about = { replayId: runtime.receiptId(), at: new Date(runtime.now()).toISOString() };
    const attempt = {
      parkedId: envelope.id,
      ...about,
      outcome: "duplicate",
      eventId: null,
      reasons: [],
    } as const;
    await asked(() => store.note(tenantId, [attempt], { signal }));
  } finally {
    deadline.dispose();
  }
}

/**
 * Returns the options with an `edit` that calls the application's `edit` only once for each event, although evt reads the
 * event several times.
 */
function editedOnce(options: ReplayOptions): ReplayOptions {
  const { edit } = options;
  if (edit === undefined) return options;
  const edited = new Map<string, () => unknown>();
  const once = (raw: unknown, parked: ParkedEvent): unknown => {
    const known = edited.get(parked.id) ?? settledCall(() => edit(raw, parked));
    edited.set(parked.id, known);
    return known();
  };
  return { ...options, edit: once };
}

/** Calls a function, and returns a function that returns the same value or throws the same error. */
function settledCall(call: () => unknown): () => unknown {
  try {
    const value = call();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
