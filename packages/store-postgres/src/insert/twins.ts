import type { EventRecord } from "@evt/core";

/** A record and its place in the call. */
export interface Placed {
  readonly record: EventRecord;
  readonly index: number;
}

/** The records of one identity of one tenant. One command cannot claim it twice, so the first stands for all. */
export type Twins = readonly [first: Placed, ...rest: Placed[]];

/** Whether no two records have one identity: mostly so, and told at once. */
export function allDiffer(records: readonly EventRecord[]): boolean {
  const identities = new Set<string>();
  for (const { identity } of records) identities.add(identity);
  return identities.size === records.length;
}

export function twinsAmong(records: readonly EventRecord[]): readonly Twins[] {
  const groups = new Map<string, [Placed, ...Placed[]]>();
  for (const [index, record] of records.entries()) {
    // The identity has a fixed length, so no two pairs of identity and tenant read alike.
    const key = record.identity + record.tenantId;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [{ record, index }]);
    else known.push({ record, index });
  }
  return [...groups.values()];
}

export const firstsOf = (twins: readonly Twins[]): readonly EventRecord[] =>
  twins.map(([first]) => first.record);

/**
 * Those of the records that must be looked up, so that every twin has its answer. One stands for all of an identity;
 * where claims lapse, one for each content, since each resolves failures of its own content only.
 */
export function lookedUp([first, ...rest]: Twins): readonly Placed[] {
  if (first.record.lapsesAt === null) return [first];
  const byContent = new Map<string, Placed>();
  for (const placed of [first, ...rest]) {
    const { fingerprint } = placed.record;
    if (!byContent.has(fingerprint)) byContent.set(fingerprint, placed);
  }
  return [...byContent.values()];
}
