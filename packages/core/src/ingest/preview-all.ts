import type { IngestManyOptions } from "../calls.js";
import type { Identity } from "../identity/identifier.js";
import type { Preview } from "../outcome.js";
import { RawBudget } from "../queue/raw-budget.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { mapInSlices } from "../runtime/time-slice.js";
import type { EventRecord, Holder } from "../store.js";
import { type IngestContext, prepareInSlices, recordsOf } from "./ingest.js";
import { differences } from "./judge.js";
import { canonicalOf, identityOf, type Prepared, type Refused } from "./prepared-event.js";

/** Returns what `ingestAll` would do now. Writes nothing. */
export async function previewAll(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: IngestContext & ReadContext,
): Promise<readonly Preview[]> {
  const prepared = await prepareInSlices(tenantId, raws, options, context);
  const rawChars = options.raw === false ? 0 : context.rawChars;
  const holders = await holdersOf(recordsOf(prepared), { ...context, rawChars }, options.signal);
  const seen = new Map<string, Prepared>();
  const budget = new RawBudget(rawChars);
  const previewOf = (each: Prepared | Refused): Preview => {
    if (each.outcome === "rejected") return refused(each);
    const identity = identityOf(each, context.identifier);
    return foresee(each, identity, holders.get(each.record.identity) ?? null, seen, budget);
  };
  const placed = (each: Prepared | Refused) => {
    const preview = previewOf(each);
    return each.place === undefined ? preview : { ...preview, place: each.place };
  };
  return mapInSlices(prepared, placed, context.runtime);
}

/** Reads the holder of each identity once: all records have the same time of receipt, so those of one identity share it. */
async function holdersOf(
  records: readonly EventRecord[],
  context: IngestContext & ReadContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder | null>> {
  const { store, rawChars } = context;
  const distinct = [...new Map(records.map((record) => [record.identity, record])).values()];
  const found = await readWith(context, signal, (call) => store.holders(distinct, { ...call, rawChars }));
  return new Map(distinct.map(({ identity }, i) => [identity, found[i] ?? null]));
}

function refused({ event, provenance, issues }: Refused): Preview {
  return { outcome: "rejected", canonical: event, provenance, issues };
}

function foresee(
  prepared: Prepared,
  { identifiedBy, identity, identityJson }: Identity,
  holder: Holder | null,
  seen: Map<string, Prepared>,
  budget: RawBudget,
): Preview {
  const { record, provenance } = prepared;
  const canonical = canonicalOf(record);
  const about = { identifiedBy, identity, identityJson };
  const twin = seen.get(record.identity);
  const fingerprint = holder?.claim.fingerprint ?? twin?.record.fingerprint;
  if (fingerprint === undefined) {
    seen.set(record.identity, prepared);
    return { outcome: "processed", ...about, id: record.id, canonical, provenance, event: null, issues: [] };
  }
  const id = holder?.claim.id ?? twin?.record.id ?? record.id;
  const event = holder?.event ? budget.bound(holder.event) : null;
  const outcome = fingerprint === record.fingerprint ? "duplicate" : "conflict";
  const issues = outcome === "conflict" ? differences(prepared, event) : [];
  return { outcome, ...about, id, canonical, provenance, event, issues };
}
