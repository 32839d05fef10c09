import type { EventRecord } from "@evt/core/store";

/**
 * Returns the records in the order in which every batch claims them. Two batches that share identities could otherwise
 * deadlock (40P01).
 */
export function inClaimOrder(records: readonly EventRecord[]): readonly EventRecord[] {
  return [...records].sort(byIdentity);
}

/** Returns true if two records of one tenant have the same identity. The records must be in claim order. */
export function hasTwins(ordered: readonly EventRecord[]): boolean {
  for (let i = 1; i < ordered.length; i++)
    if (byIdentity(ordered[i - 1] as EventRecord, ordered[i] as EventRecord) === 0) return true;
  return false;
}

function byIdentity(a: EventRecord, b: EventRecord): number {
  return byCodeUnits(a.identity, b.identity) || byCodeUnits(a.tenantId, b.tenantId);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
