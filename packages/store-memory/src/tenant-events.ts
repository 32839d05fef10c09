import type {
  AggregateQuery,
  AggregateRow,
  Entry,
  EntryPage,
  EntryQuery,
  EventRecord,
  Holder,
  InsertOutcome,
  ParkedEvent,
  ReasonCount,
  ReasonQuery,
  Replay,
  ReplayAttempt,
  ReplayOutcome,
  StoredEvent,
} from "@evt/core";
import { Claims } from "./claims.js";
import { EntryList } from "./entry-list.js";
import { OpenFailures } from "./open-failures.js";
import { parkedEvent, storedEvent } from "./frozen-copy.js";
import { withoutRaw } from "./raw-budget.js";
import { reasonCounts } from "./reason-counts.js";
import { ReplayAttempts } from "./replay-attempts.js";
import { Settlements } from "./resolving-events.js";
import { totals } from "./totals.js";

/** Everything of one tenant. Nothing here waits: each call is one indivisible step. */
export class TenantEvents {
  readonly #claims = new Claims();
  readonly #entries = new EntryList();
  readonly #openFailures = new OpenFailures();
  readonly #settlements = new Settlements();
  readonly #attempts = new ReplayAttempts();

  /** `first`: whether no earlier record of the same call has the same identity. */
  insert(record: EventRecord, first: boolean): InsertOutcome {
    const claim = this.#claims.take(record, first);
    if (claim === null) this.#entries.put(storedEvent(record));
    if (claim === null || claim.fingerprint === record.fingerprint) this.#resolveFailures(record);
    if (claim === null) return { outcome: "inserted" };
    const event = this.#event(claim.id);
    return {
      outcome: "taken",
      claim,
      event: event?.rawJson === record.rawJson ? event : event && withoutRaw(event),
    };
  }

  park(event: ParkedEvent): void {
    const earlier = this.#parked(event.id);
    const { lastAttemptAt, error } = event;
    const attempts = (earlier?.attempts ?? 0) + 1;
    const resolvedAt = this.#isSettledFailure(event) ? lastAttemptAt : null;
    this.#keep(parkedEvent(earlier ?? event, { attempts, lastAttemptAt, error, resolvedAt }));
    if (event.status !== "failed") this.#resolveFailuresSettledBy(event);
  }

  holder(record: EventRecord): Holder | null {
    const claim = this.#claims.holder(record);
    return claim === null ? null : { claim, event: this.#event(claim.id) };
  }

  replay({ parkedId, record }: Replay, first: boolean): ReplayOutcome {
    const parked = this.#parked(parkedId);
    if (parked === null) return { outcome: "unknown" };
    if (parked.resolvedAt !== null) return { outcome: "settled", attempt: this.#attempts.settling(parkedId) };
    const outcome = this.insert(record, first);
    if (outcome.outcome === "taken") return outcome;
    const { receiptId: replayId, receivedAt: at, id: eventId } = record;
    this.note({ parkedId, replayId, at, outcome: "processed", eventId, reasons: [] });
    return outcome;
  }

  /** One that counts its event resolves what was parked. */
  note(attempt: ReplayAttempt): void {
    const { parkedId, outcome, at } = attempt;
    if (!this.#attempts.add(attempt) || outcome === "conflict" || outcome === "rejected") return;
    const parked = this.#parked(parkedId);
    if (parked !== null) this.#keep(parkedEvent(parked, { resolvedAt: parked.resolvedAt ?? at }));
  }

  history(id: string): readonly ReplayAttempt[] {
    return this.#attempts.of(id);
  }

  reasons(query: ReasonQuery): ReasonCount[] {
    return reasonCounts(this.#entries.slots(), query);
  }

  get(id: string): Entry | null {
    return this.#entries.get(id) ?? null;
  }

  list(query: EntryQuery, rawChars?: number): EntryPage {
    return this.#entries.page(query, rawChars);
  }

  aggregate(query: AggregateQuery): AggregateRow[] {
    return totals(this.#entries.slots(), query);
  }

  #event(id: string): StoredEvent | null {
    const entry = this.#entries.get(id);
    return entry?.status === "processed" ? entry : null;
  }

  #parked(id: string): ParkedEvent | null {
    const entry = this.#entries.get(id);
    return entry === undefined || entry.status === "processed" ? null : entry;
  }

  /** By the receipt of this attempt: an earlier one may lie within a window that has closed since. */
  #isSettledFailure(event: ParkedEvent): boolean {
    const { status, identity, fingerprint, receivedAt } = event;
    if (status !== "failed" || identity === null || fingerprint === null) return false;
    return this.#claims.counts(identity, fingerprint, receivedAt) || this.#settlements.settle(event);
  }

  #resolveFailuresSettledBy(settlement: ParkedEvent): void {
    const { status, identity, fingerprint, lastAttemptAt: resolvedAt } = settlement;
    this.#settlements.note(settlement);
    const known = identity !== null && fingerprint !== null;
    const sameContent = known ? this.#openFailures.of(identity, fingerprint) : [];
    const sentAlike = status === "rejected" && identity === null ? this.#openFailures.sentAs(settlement) : [];
    for (const id of [...sameContent, ...sentAlike]) {
      const failure = this.#parked(id);
      if (failure === null || (known && !this.#settlements.settle(failure))) continue;
      this.#keep(parkedEvent(failure, { resolvedAt }));
    }
  }

  #resolveFailures({ identity, fingerprint, receivedAt }: EventRecord): void {
    for (const id of this.#openFailures.of(identity, fingerprint)) {
      const failure = this.#parked(id);
      if (failure !== null) this.#keep(parkedEvent(failure, { resolvedAt: receivedAt }));
    }
  }

  #keep(event: ParkedEvent): void {
    this.#entries.put(event);
    this.#openFailures.note(event);
  }
}
