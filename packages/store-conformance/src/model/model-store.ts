import type {
  AggregateQuery,
  AggregateRow,
  Entry,
  EntryPage,
  EntryQuery,
  EventRecord,
  Holder,
  InsertOutcome,
  NameQuery,
  ParkedEvent,
  SeenName,
} from "@evt/core/store";
import { claimOf, INSERTED, storedOf } from "../samples.js";
import { expectedNames } from "./expected-names.js";
import { expectedTotalsPage } from "./expected-order.js";
import { expectedPage } from "./expected-page.js";
import { expectedTotals } from "./expected-totals.js";

/** A store in its simplest form: three lists without an index. The model test compares other stores with it. */
export class ModelStore {
  /** The last record that claimed each identity. Its claim may have lapsed. */
  #claims: readonly EventRecord[] = [];
  readonly #counted: EventRecord[] = [];
  #parked: readonly ParkedEvent[] = [];

  insert(records: readonly EventRecord[]): InsertOutcome[] {
    return records.map((record, index) => this.#insertOne(record, records.slice(0, index)));
  }

  park(events: readonly ParkedEvent[]): void {
    for (const event of events) {
      const earlier = this.#parked.find((other) => isSame(other, event));
      const { lastAttemptAt, error } = event;
      const isResolved = this.#isCounted(event) || this.#parked.some((other) => resolves(other, event));
      const resolvedAt = isResolved ? lastAttemptAt : null;
      const attempts = (earlier?.attempts ?? 0) + 1;
      const others = this.#parked.filter((other) => other !== earlier);
      const kept = { ...(earlier ?? event), attempts, lastAttemptAt, error, resolvedAt };
      this.#parked = [...others, kept].map((other) =>
        resolves(kept, other) && other.resolvedAt === null ? { ...other, resolvedAt: lastAttemptAt } : other,
      );
    }
  }

  holders(records: readonly EventRecord[]): (Holder | null)[] {
    return records.map((record) => {
      const holder = this.#claims.find((claim) => isSameIdentity(claim, record));
      return holder === undefined || hasLapsed(holder, record.receivedAt) ? null : this.#holder(holder);
    });
  }

  get(tenantId: string, id: string): Entry | null {
    return this.entries().find((entry) => entry.tenantId === tenantId && entry.id === id) ?? null;
  }

  list(query: EntryQuery, rawChars?: number): EntryPage {
    return expectedPage(this.entries(), query, rawChars);
  }

  aggregate(query: AggregateQuery): AggregateRow[] {
    const rows = expectedTotals(this.#counted.map(storedOf), query);
    return query.order === undefined ? rows : expectedTotalsPage(rows, query.order, query);
  }

  names(query: NameQuery): SeenName[] {
    return expectedNames(this.#counted.map(storedOf), query);
  }

  entries(): Entry[] {
    return [...this.#counted.map(storedOf), ...this.#parked];
  }

  #insertOne(record: EventRecord, before: readonly EventRecord[]): InsertOutcome {
    const holder = this.#claims.find((claim) => isSameIdentity(claim, record));
    const isFirst = !before.some((other) => isSameIdentity(other, record));
    const isFree = holder === undefined || (isFirst && hasLapsed(holder, record.receivedAt));
    if (holder === undefined || isFree) return this.#count(record, holder);
    if (holder.fingerprint === record.fingerprint) this.#resolve(record);
    return { outcome: "taken", ...this.#holder(holder) };
  }

  #holder(claim: EventRecord): Holder {
    const event = this.#counted.find((other) => other.tenantId === claim.tenantId && other.id === claim.id);
    return { claim: claimOf(claim), event: event === undefined ? null : storedOf(event) };
  }

  #count(record: EventRecord, lapsed: EventRecord | undefined): InsertOutcome {
    this.#claims = [...this.#claims.filter((claim) => claim !== lapsed), record];
    this.#counted.push(record);
    this.#resolve(record);
    return INSERTED;
  }

  #resolve(record: EventRecord): void {
    this.#parked = this.#parked.map((event) =>
      isFailureOf(event, record) && event.resolvedAt === null
        ? { ...event, resolvedAt: record.receivedAt }
        : event,
    );
  }

  #isCounted(event: ParkedEvent): boolean {
    return this.#claims.some((claim) => isFailureOf(event, claim) && !hasLapsed(claim, event.receivedAt));
  }
}

interface Identified {
  readonly tenantId: string;
  readonly identity: string | null;
}

function isSameIdentity(left: Identified, right: Identified): boolean {
  return left.tenantId === right.tenantId && left.identity === right.identity;
}

function isFailureOf(event: ParkedEvent, record: EventRecord): boolean {
  return (
    event.status === "failed" && isSameIdentity(event, record) && event.fingerprint === record.fingerprint
  );
}

/** Returns true if a parked conflict or rejection resolves a failure. */
function resolves(event: ParkedEvent, failure: ParkedEvent): boolean {
  return (
    event.status !== "failed" &&
    failure.status === "failed" &&
    event.identity !== null &&
    isSameIdentity(event, failure) &&
    event.fingerprint === failure.fingerprint &&
    (failure.identifiedBy !== "window" || event.lastAttemptAt >= failure.lastAttemptAt)
  );
}

function isSame(left: ParkedEvent, right: ParkedEvent): boolean {
  return left.tenantId === right.tenantId && left.id === right.id;
}

/** Compares the instants as strings, because both are canonical and have milliseconds. */
function hasLapsed({ lapsesAt }: EventRecord, at: string): boolean {
  return lapsesAt !== null && lapsesAt <= at;
}
