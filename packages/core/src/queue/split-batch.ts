import type { EventRecord } from "../store.js";
import type { Batch, BatchPart } from "./waiting-line.js";

/**
 * Maximum number of parts. A small number spares a store under load. It still finds one slow record of 500 in three
 * steps.
 */
const MOST = 8;

/**
 * Splits a batch by tenant, or by identity if it has a single tenant. Records of one identity stay together and in order,
 * so the first of them is still inserted first. Records with a result are omitted. Returns fewer than two batches if the
 * batch cannot be split.
 */
export function splitBatch(batch: Batch, most = MOST): readonly Batch[] {
  const awaited = openEntries(batch);
  const tenants = new Set(awaited.map(({ record }) => record.tenantId));
  const keyOf = ({ tenantId, identity }: EventRecord) => (tenants.size > 1 ? tenantId : identity);
  const numbers = new Map<string, number>();
  for (const { record } of awaited) if (!numbers.has(keyOf(record))) numbers.set(keyOf(record), numbers.size);
  const split: Batch[] = [];
  for (const entry of awaited) {
    const number = numbers.get(keyOf(entry.record)) as number;
    const at = Math.floor((number * Math.min(most, numbers.size)) / numbers.size);
    const part = split[at] ?? { records: [], parts: [], chars: 0 };
    split[at] = part;
    add(entry, part);
  }
  return split;
}

interface Entry {
  readonly record: EventRecord;
  readonly part: BatchPart;
}

function openEntries({ records, parts }: Batch): readonly Entry[] {
  let next = 0;
  return parts.flatMap(({ ticket, from, count }) => {
    const entries = Array.from({ length: count }, (_, i) => {
      const record = records[next++] as EventRecord;
      return { record, part: { ticket, from: from + i, count: 1 } };
    });
    return entries.filter(({ part }) => ticket.isOpen(part.from));
  });
}

function add({ record, part }: Entry, { records, parts }: Batch): void {
  records.push(record);
  parts.push(part);
}

/** Returns the tenant of all records of a batch, or `null` if there are several. */
export function tenantOf({ parts }: Batch): string | null {
  const tenantId = parts[0]?.ticket.tenantId ?? null;
  return parts.every(({ ticket }) => ticket.tenantId === tenantId) ? tenantId : null;
}
