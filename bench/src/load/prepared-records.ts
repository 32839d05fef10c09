import { createEvt, type EventRecord } from "@evt/core";
import type { InsertOutcome } from "@evt/core/store";
import { MemoryStore } from "@evt/store-memory";

/**
 * Returns the records that `ingestMany` passes to a store for these events. The same arguments have the same result in
 * every process.
 */
export async function preparedRecords(
  tenantId: string,
  batches: readonly (readonly unknown[])[],
  receivedMs: number,
): Promise<readonly (readonly EventRecord[])[]> {
  const store = new RecordingStore();
  let drawn = 0;
  const runtime = { now: () => receivedMs, receiptId: () => (drawn++).toString(16).padStart(32, "0") };
  const limits = { batchRecords: Number.MAX_SAFE_INTEGER };
  const events = createEvt({ store, limits, runtime }).tenant(tenantId);
  for (const batch of batches) await events.ingestMany(batch);
  if (store.batches.length !== batches.length)
    throw new Error("a batch was split, or a part of it was refused");
  return store.batches;
}

class RecordingStore extends MemoryStore {
  readonly batches: (readonly EventRecord[])[] = [];

  override async insert(records: readonly EventRecord[]): Promise<readonly InsertOutcome[]> {
    this.batches.push(records);
    return records.map(() => ({ outcome: "inserted" }));
  }
}
