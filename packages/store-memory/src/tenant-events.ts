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
  ReasonCount,
  ReasonQuery,
  Replay,
  ReplayAttempt,
  ReplayOutcome,
  SeenName,
  StoredEvent,
} from "@evt/core/store";
import { Claims } from "./claims.js";
import { EntryList } from "./entry-list.js";
import { frozenEvent, frozenParkedEvent } from "./frozen-copy.js";
import { OpenFailures } from "./open-failures.js";
import { withoutRaw } from "./raw-budget.js";
import { reasonCounts } from "./reason-counts.js";
import { ReplayAttempts } from "./replay-attempts.js";
import { ResolvingEvents } from "./resolving-events.js";
import { seenNames } from "./seen-names.js";
import { totals } from "./totals.js";

/** One tenant's data. All methods are synchronous, so no other call can run in between. */
export class TenantEvents {
  readonly #claims = new Claims();
  readonly #entries = new EntryList();
  readonly #openFailures = new OpenFailures();
  readonly #resolvingEvents = new ResolvingEvents();
  readonly #attempts = new ReplayAttempts();

  /** Inserts a record. `first`: whether this is the call's first record with its identity. */
  insert(record: EventRecord, first: boolean): InsertOutcome {
    const claim = this.#claims.take(record, first);
    if (claim === null) this.#entries.put(frozenEvent(record));
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
    const resolvedAt = this.#isResolved(event) ? lastAttemptAt : null;
    this.#put(frozenParkedEvent(earlier ?? event, { attempts, lastAttemptAt, error, resolvedAt }));
    if (event.status !== "failed") this.#resolveFailuresOf(event);
  }

  holder(record: EventRecord): Holder | null {
    const claim = this.#claims.holder(record);
    return claim === null ? null : { claim, event: this.#event(claim.id) };
  }

  replay({ parkedId, record }: Replay, first: boolean): ReplayOutcome {
    const parked = this.#parked(parkedId);
    if (parked === null) return { outcome: "unknown" };
    if (parked.resolvedAt !== null)
      return { outcome: "settled", attempt: this.#attempts.countedBy(parkedId) };
    const outcome = this.insert(record, first);
    if (outcome.outcome === "taken") return outcome;
    const { receiptId: replayId, receivedAt: at, id: eventId } = record;
    this.note({ parkedId, replayId, at, outcome: "processed", eventId, reasons: [] });
    return outcome;
  }

  /** Stores an attempt. A `processed` or `duplicate` attempt resolves the parked event. */
  note(attempt: ReplayAttempt): void {
    const { parkedId, outcome, at } = attempt;
    if (!this.#attempts.add(attempt) || outcome === "conflict" || outcome === "rejected") return;
    const parked = this.#parked(parkedId);
    if (parked !== null) this.#put(frozenParkedEvent(parked, { resolvedAt: parked.resolvedAt ?? at }));
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

  names(query: NameQuery): SeenName[] {
    return seenNames(this.#entries.slots(), query);
  }

  #event(id: string): StoredEvent | null {
    const entry = this.#entries.get(id);
    return entry?.status === "processed" ? entry : null;
  }

  #parked(id: string): ParkedEvent | null {
    const entry = this.#entries.get(id);
    return entry === undefined || entry.status === "processed" ? null : entry;
  }

  /**
   * Returns whether an event is a failed event that is already resolved. Uses the receive time of this attempt, because
   * the window of an earlier attempt may have ended.
   */
  #isResolved(event: ParkedEvent): boolean {
    const { status, identity, fingerprint, receivedAt } = event;
    if (status !== "failed" || identity === null || fingerprint === null) return false;
    return this.#claims.counts(identity, fingerprint, receivedAt) || this.#resolvingEvents.resolves(event);
  }

  #resolveFailuresOf(event: ParkedEvent): void {
    const { status, identity, fingerprint, lastAttemptAt: resolvedAt } = event;
    this.#resolvingEvents.note(event);
    const known = identity !== null && fingerprint !== null;
    const sameContent = known ? this.#openFailures.of(identity, fingerprint) : [];
    const sentAlike = status === "rejected" && identity === null ? this.#openFailures.sentAs(event) : [];
    for (const id of [...sameContent, ...sentAlike]) {
      const failure = this.#parked(id);
      if (failure === null || (known && !this.#resolvingEvents.resolves(failure))) continue;
      this.#put(frozenParkedEvent(failure, { resolvedAt }));
    }
  }

  #resolveFailures({ identity, fingerprint, receivedAt }: EventRecord): void {
    for (const id of this.#openFailures.of(identity, fingerprint)) {
      const failure = this.#parked(id);
      if (failure !== null) this.#put(frozenParkedEvent(failure, { resolvedAt: receivedAt }));
    }
  }

  #put(event: ParkedEvent): void {
    this.#entries.put(event);
    this.#openFailures.note(event);
  }
}
