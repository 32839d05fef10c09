import type { EventRecord } from "@evt/core/store";

/** A record and its index in the call. */
export interface IndexedRecord {
  readonly record: EventRecord;
  readonly index: number;
}

/**
 * The records of one call that have the same tenant and identity. One statement cannot claim an identity twice, so at
 * most the first record is inserted.
 */
export type Twins = readonly [first: IndexedRecord, ...rest: IndexedRecord[]];

/** Groups records by identity and tenant, in the order of the call. */
export function twinsAmong(records: readonly EventRecord[]): readonly Twins[] {
  const groups = new Map<string, [IndexedRecord, ...IndexedRecord[]]>();
  const usual = records[0]?.tenantId;
  for (const [index, record] of records.entries()) {
    const { identity, tenantId } = record;
    // The identity has a fixed length, so different pairs of identity and tenant never have the same key. Most batches
    // have one tenant, and a key without concatenation is faster.
    const key = tenantId === usual ? identity : identity + tenantId;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [{ record, index }]);
    else known.push({ record, index });
  }
  return [...groups.values()];
}

/** Returns the first record of each group. */
export const firstsOf = (twins: readonly Twins[]): readonly EventRecord[] =>
  twins.map(([first]) => first.record);

/**
 * Returns the records whose holder must be read so that every twin gets an outcome. If claims do not lapse, this is
 * one record per identity. If claims lapse, it is one record per content, because each record resolves only failures
 * with its own content.
 */
export function lookedUp([first, ...rest]: Twins): readonly IndexedRecord[] {
  if (first.record.lapsesAt === null) return [first];
  const byContent = new Map<string, IndexedRecord>();
  for (const indexed of [first, ...rest]) {
    const { fingerprint } = indexed.record;
    if (!byContent.has(fingerprint)) byContent.set(fingerprint, indexed);
  }
  return [...byContent.values()];
}
