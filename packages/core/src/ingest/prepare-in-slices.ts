import type { IngestManyOptions, IngestOptions } from "../calls.js";
import { binaryCloudEvent } from "../cloud-event/binary-mode.js";
import { mapInSlices } from "../runtime/time-slice.js";
import { Envelopes, prepareSent, type Sent } from "./envelopes.js";
import type { IngestContext } from "./ingest-context.js";
import { Preparer } from "./prepare.js";
import type { Prepared, Refused } from "./prepared-event.js";

/** The events of one call in order, each prepared or refused. */
export type PreparedAll = readonly (Prepared | Refused)[];
type PreparingContext = Pick<IngestContext, "choice" | "raw" | "identifier" | "runtime" | "unwrappedEvents">;

/** Prepares events for an ingest or a preview, and unwraps envelopes. Many events are prepared in time slices. */
export function prepareInSlices(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: PreparingContext,
): PreparedAll | Promise<PreparedAll> {
  const { idempotencyKeys, rawJson } = options;
  const preparer = preparerFor(tenantId, options, raws.length, context);
  const envelopes = envelopesOf(tenantId, preparer, options, context);
  if (envelopes !== undefined) {
    const open = (raw: unknown, i: number) =>
      envelopes.open(raw, i, idempotencyKeys?.[i] ?? undefined, rawJson?.[i]);
    const opened = mapInSlices(raws, open, context.runtime);
    return opened instanceof Promise
      ? opened.then((sent) => prepareOpened(sent, context))
      : prepareOpened(opened, context);
  }
  const prepare = (raw: unknown, i: number) =>
    preparer.prepare(raw, idempotencyKeys?.[i] ?? undefined, rawJson?.[i]);
  return mapInSlices(raws, prepare, context.runtime);
}

function prepareOpened(
  opened: readonly (readonly Sent[])[],
  { runtime }: PreparingContext,
): PreparedAll | Promise<PreparedAll> {
  const sent = opened.flat();
  const hasEnvelopes = sent.length !== opened.length || sent.some(({ place }) => place.part !== undefined);
  return mapInSlices(sent, (each) => prepareSent(each, hasEnvelopes), runtime);
}

/** Returns the object that unwraps the envelopes of a call. `undefined` if the call needs no unwrapping. */
export function envelopesOf(
  tenantId: string,
  preparer: Preparer,
  { clientId, mapping, unwrap }: IngestOptions,
  { choice, unwrappedEvents }: PreparingContext,
): Envelopes | undefined {
  if (unwrap === undefined && !choice.unwraps) return undefined;
  return new Envelopes(preparer, { tenantId, clientId, mapping, unwrap, choice, unwrappedEvents });
}

/**
 * Returns a preparer for events that are received now.
 * @param events - the number of raw events in the call, because headers can describe only one event
 */
export function preparerFor(
  tenantId: string,
  { clientId, mapping, idempotencyKey: batchKey, headers }: IngestManyOptions,
  events: number,
  { choice, raw, identifier, runtime }: Pick<IngestContext, "choice" | "raw" | "identifier" | "runtime">,
  sentOnce = false,
): Preparer {
  const { receiptId } = runtime;
  const receivedAt = new Date(runtime.now()).toISOString();
  return new Preparer({
    tenantId,
    receivedAt,
    clientId,
    mapping,
    batchKey,
    cloudEvent: binaryCloudEvent(headers, events),
    choice,
    raw,
    identifier,
    receiptId,
    sentOnce,
  });
}
