import type { IngestManyOptions } from "../calls.js";
import type { Identity } from "../identity/identifier.js";
import type { Preview } from "../outcome.js";
import { RawBudget } from "../queue/raw-budget.js";
import { type ReadContext, readWith } from "../queue/read.js";
import { mapInSlices } from "../runtime/time-slice.js";
import type { EventRecord, Holder } from "../store.js";
import { claimOf, storedEvent } from "../store-rules.js";
import type { IngestContext } from "./ingest-context.js";
import { differences, isSameEvent } from "./judge.js";
import { FirstEvents } from "./merged-events.js";
import { type PreparedAll, prepareInSlices } from "./prepare-in-slices.js";
import { canonicalOf, identityOf, type Prepared, type Refused } from "./prepared-event.js";
import { mayDiffer, rawDifferences } from "./raw-differences.js";
import { type ReadHolders, underRulesOfGroups } from "./rules-of-groups.js";

/** Returns the results that `ingestAll` would have now. Writes nothing. */
export async function previewAll(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: IngestContext & ReadContext,
): Promise<readonly Preview[]> {
  const prepared = await underEarlierRules(
    await prepareInSlices(tenantId, raws, options, context),
    context,
    options.signal,
  );
  const rawChars = options.raw === false ? 0 : context.rawChars;
  const records = lookedUp(prepared);
  const holders = await holdersOf(records, { ...context, rawChars }, options.signal);
  const seen: Seen = { byIdentity: new Map(), firsts: new FirstEvents(), budget: new RawBudget(rawChars) };
  const previewOf = (each: Prepared | Refused, index: number): Preview => {
    if (each.outcome === "rejected") return refused(each);
    const identity = identityOf(each, context.identifier);
    return foresee(each, identity, holderOf(each, holders), seen, index);
  };
  const placed = (each: Prepared | Refused, index: number) => {
    const preview = previewOf(each, index);
    return each.place === undefined ? preview : { ...preview, place: each.place };
  };
  return mapInSlices(prepared, placed, context.runtime);
}

/** Returns the events with the identities that `ingestAll` would insert. */
async function underEarlierRules(
  prepared: PreparedAll,
  context: IngestContext & ReadContext,
  signal: AbortSignal | undefined,
): Promise<PreparedAll> {
  const accepted = prepared.filter((each) => each.outcome === "prepared");
  if (!accepted.some(({ earlier }) => earlier !== undefined)) return prepared;
  const read: ReadHolders = (records) =>
    readWith(context, signal, (call) => context.store.holders(records, { ...call, rawChars: 0 }));
  const moved = (await underRulesOfGroups(accepted, read)).values();
  return prepared.map((each) => (each.outcome === "prepared" ? (moved.next().value as Prepared) : each));
}

/**
 * Reads the holder of each identity once. All records have the same receive time, so records with the same identity have
 * the same holder.
 */
async function holdersOf(
  records: readonly EventRecord[],
  context: IngestContext & ReadContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder | null>> {
  const { rawChars, comparedRawChars } = context;
  const distinct = [...new Map(records.map((record) => [record.identity, record])).values()];
  const holders = await read(distinct, rawChars, context, signal);
  const uncertain = records.filter((record) => {
    const holder = holders.get(record.identity) ?? null;
    return rawChars === 0 && holder !== null && mayDiffer({ record }, holder);
  });
  // with `rawChars` 0 the results omit raw events, but a comparison needs them
  return uncertain.length === 0
    ? holders
    : new Map([...holders, ...(await read(uncertain, comparedRawChars, context, signal))]);
}

async function read(
  records: readonly EventRecord[],
  rawChars: number,
  context: IngestContext & ReadContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder | null>> {
  const found = await readWith(context, signal, (call) =>
    context.store.holders(records, { ...call, rawChars }),
  );
  return new Map(records.map(({ identity }, i) => [identity, found[i] ?? null]));
}

/** Returns the records of all prepared events, under the current rules and under earlier rules. */
function lookedUp(prepared: readonly (Prepared | Refused)[]): readonly EventRecord[] {
  return prepared.flatMap((each) =>
    each.outcome === "prepared" ? [each.record, ...(each.earlier ?? []).map(({ record }) => record)] : [],
  );
}

/** Returns the holder of an event under earlier rules, or else the holder under the current rules. */
function holderOf(
  { record, earlier = [] }: Prepared,
  holders: ReadonlyMap<string, Holder | null>,
): Holder | null {
  const before = earlier.toReversed().map((each) => {
    const holder = holders.get(each.record.identity) ?? null;
    return holder !== null && holder.claim.rules <= each.rules ? holder : null;
  });
  return before.find((holder) => holder !== null) ?? holders.get(record.identity) ?? null;
}

/** The earlier events of the call. */
interface Seen {
  readonly byIdentity: Map<string, Prepared>;
  readonly firsts: FirstEvents;
  readonly budget: RawBudget;
}

function refused({ event, provenance, issues }: Refused): Preview {
  return { outcome: "rejected", canonical: event, provenance, issues };
}

function foresee(
  prepared: Prepared,
  { identifiedBy, identity, identityJson }: Identity,
  holder: Holder | null,
  { byIdentity, firsts, budget }: Seen,
  index: number,
): Preview {
  const { record, provenance } = prepared;
  const canonical = canonicalOf(record);
  const about = { identifiedBy, identity, identityJson };
  const first = firsts.of(record, index);
  const twin = byIdentity.get(record.identity);
  if (holder === null && twin === undefined) {
    byIdentity.set(record.identity, prepared);
    return { outcome: "processed", ...about, id: record.id, canonical, provenance, event: null, issues: [] };
  }
  const held = holder ?? holderBy((twin as Prepared).record);
  const event = holder?.event ? budget.bound(holder.event) : null;
  const foreseen = { ...about, id: held.claim.id, canonical, provenance, event };
  const differing = isSameEvent(prepared, held.claim) ? rawDifferences(prepared, held) : undefined;
  if (differing === undefined)
    return { outcome: "conflict", ...foreseen, issues: differences(prepared, event) };
  if (differing !== null && prepared.sameContent === "conflict")
    return { outcome: "conflict", ...foreseen, issues: differing.issues };
  return {
    outcome: "duplicate",
    ...foreseen,
    issues: [],
    ...(first !== index && { sameAs: first }),
    ...(differing !== null && { differs: differing.members }),
  };
}

function holderBy(record: EventRecord): Holder {
  return { claim: claimOf(record), event: storedEvent(record) };
}
