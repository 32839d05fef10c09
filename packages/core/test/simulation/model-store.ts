import type { ParkedEvent, StoredEvent } from "../../src/event.js";
import { EvtError } from "../../src/evt-error.js";
import type { AggregateRow, Claim, EventRecord, InsertOutcome } from "../../src/store.js";
import { claimOf } from "../../src/store-rules.js";

interface Held {
  readonly record: EventRecord;
  readonly claim: Claim;
}

/** The simplest correct store, one call after the other. It holds the truth of a run. */
export class ModelStore {
  readonly rows: EventRecord[] = [];
  readonly parked = new Map<string, ParkedEvent>();
  readonly #held = new Map<string, Held>();

  insert(records: readonly EventRecord[]): readonly InsertOutcome[] {
    if (records.some(isPoison)) throw new EvtError("EVT_RECORD_REFUSED", "a record cannot be held");
    const decided = new Set<string>();
    return records.map((record) => this.#insertOne(record, decided));
  }

  park(events: readonly ParkedEvent[]): void {
    for (const event of events) {
      const key = `${event.tenantId} ${event.id}`;
      const attempts = (this.parked.get(key)?.attempts ?? 0) + 1;
      const holder = this.#held.get(`${event.tenantId} ${event.identity}`)?.record;
      const counted = event.status === "failed" && holder?.fingerprint === event.fingerprint;
      const stands = counted && holder !== undefined && !lapsed(holder, event.lastAttemptAt);
      this.parked.set(key, { ...event, attempts, resolvedAt: stands ? event.lastAttemptAt : null });
    }
  }

  totals(tenantId: string): readonly AggregateRow[] {
    const amounts = this.rows.filter((row) => row.tenantId === tenantId).map(({ amount }) => Number(amount));
    if (amounts.length === 0) return [];
    const sum = String(amounts.reduce((a, b) => a + b, 0));
    const [min, max] = [String(Math.min(...amounts)), String(Math.max(...amounts))];
    return [{ bucket: 0, clientId: null, metric: null, unit: null, count: amounts.length, sum, min, max }];
  }

  row(tenantId: string, id: string): EventRecord | undefined {
    return this.rows.find((row) => row.tenantId === tenantId && row.id === id);
  }

  #insertOne(record: EventRecord, decided: Set<string>): InsertOutcome {
    const key = `${record.tenantId} ${record.identity}`;
    const held = this.#held.get(key);
    const mayLapse = !decided.has(key);
    decided.add(key);
    if (held !== undefined && !(mayLapse && lapsed(held.record, record.receivedAt))) {
      if (held.record.fingerprint === record.fingerprint) this.#resolve(record);
      return { outcome: "taken", claim: held.claim, event: stored(held.record) };
    }
    this.#held.set(key, { record, claim: claimOf(record) });
    this.rows.push(record);
    this.#resolve(record);
    return { outcome: "inserted" };
  }

  #resolve({ tenantId, identity, fingerprint, receivedAt }: EventRecord): void {
    for (const [key, event] of this.parked) {
      const same = event.tenantId === tenantId && event.identity === identity;
      if (!same || event.fingerprint !== fingerprint || event.status !== "failed") continue;
      this.parked.set(key, { ...event, resolvedAt: event.resolvedAt ?? receivedAt });
    }
  }
}

function isPoison({ metric }: EventRecord): boolean {
  return metric === "poison";
}

function lapsed({ lapsesAt }: EventRecord, at: string): boolean {
  return lapsesAt !== null && lapsesAt <= at;
}

function stored({ receiptId: _receipt, lapsesAt: _lapses, ...event }: EventRecord): StoredEvent {
  return { status: "processed", ...event, unit: event.unit ?? null, dimensions: event.dimensions ?? null };
}
