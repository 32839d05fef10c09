import { EvtError, type EventRecord, type InsertOutcome, storedEvent } from "@evt/core";
import type { Ask } from "./connections.js";
import { type HoldersStatement, holdersByOrdinal } from "./holders-statement.js";
import { type InsertStatement, wonOrdinals } from "./insert-statement.js";
import type { Partitions } from "./partitions.js";

export interface InsertParts {
  readonly insert: InsertStatement;
  readonly holders: HoldersStatement;
  readonly partitions: Partitions;
}

/** How often claims may vanish between being found taken and being read (rolled back, pruned) before it is called contention. */
const ROUNDS = 5;

const INSERTED: InsertOutcome = { outcome: "inserted" };

/** Claims and stores; answers each record. One round trip where nothing is taken, two where something is. */
export async function insertRecords(
  records: readonly EventRecord[],
  parts: InsertParts,
  ask: Ask,
): Promise<readonly InsertOutcome[]> {
  const firsts = firstOfEachIdentity(records);
  const outcomes = new Map<EventRecord, InsertOutcome>();
  let open = [...firsts.values()];
  for (let round = 0; open.length > 0; round++) {
    if (round === ROUNDS) throw new EvtError("EVT_STORE_CONTENDED", `${open.length} claims came and went while they were read`);
    open = await insertOnce(open, outcomes, parts, ask);
  }
  return records.map((record) => {
    const first = firsts.get(keyOf(record)) as EventRecord;
    const outcome = outcomes.get(first) as InsertOutcome;
    return record === first || outcome.outcome === "taken" ? outcome : takenBy(first);
  });
}

/** Answers what it can; returns the records whose claim was taken a moment ago and is gone now. */
async function insertOnce(
  records: readonly EventRecord[],
  outcomes: Map<EventRecord, InsertOutcome>,
  { insert, holders, partitions }: InsertParts,
  ask: Ask,
): Promise<EventRecord[]> {
  const rows = await partitions.retrying(records, ask, () => ask(insert.with(records)));
  for (const ordinal of wonOrdinals(rows)) outcomes.set(records[ordinal] as EventRecord, INSERTED);
  const taken = records.filter((record) => !outcomes.has(record));
  if (taken.length === 0) return [];
  const found = holdersByOrdinal(await ask(holders.with(taken)));
  for (const [ordinal, holder] of found) outcomes.set(taken[ordinal] as EventRecord, { outcome: "taken", ...holder });
  return taken.filter((record) => !outcomes.has(record));
}

/** One statement cannot claim an identity twice, so twins are set aside and answered with the first of them. */
function firstOfEachIdentity(records: readonly EventRecord[]): ReadonlyMap<string, EventRecord> {
  const firsts = new Map<string, EventRecord>();
  for (const record of records) {
    const key = keyOf(record);
    if (!firsts.has(key)) firsts.set(key, record);
  }
  return firsts;
}

/** The identity has a fixed length, so no two pairs of identity and tenant read alike. */
const keyOf = ({ identity, tenantId }: EventRecord): string => identity + tenantId;

function takenBy(first: EventRecord): InsertOutcome {
  const { id, receiptId, receivedAt, fingerprint } = first;
  return { outcome: "taken", claim: { id, receiptId, receivedAt, fingerprint }, event: storedEvent(first) };
}
