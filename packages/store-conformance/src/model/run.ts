import assert from "node:assert/strict";
import type {
  AggregateOrder,
  AggregateQuery,
  Entry,
  EntryQuery,
  EventRecord,
  NameQuery,
  ParkedEvent,
} from "@evt/core/store";
import { assertSameRows } from "../same-rows.js";
import { at } from "../samples.js";
import type { Trial } from "../trial.js";
import type { Command, Contents, Filter } from "./command.js";
import { positionOf } from "./expected-order.js";
import { isWithin } from "./microseconds.js";
import { ModelStore } from "./model-store.js";
import { RunEvents } from "./run-events.js";

type Listed = Extract<Command, { do: "list" }>;
type Aggregated = Extract<Command, { do: "aggregate" }>;
type Resent = Extract<Command, { do: "resend" }>;

const EVERYTHING = { limit: 1_000, statuses: ["processed", "rejected", "conflict", "failed"] } as const;

/** Runs commands on a store and on the model, and asserts that they return the same results. Uses its own tenants. */
export class ModelRun {
  readonly #trial: Trial;
  readonly #events: RunEvents;
  readonly #model = new ModelStore();
  readonly #calls: EventRecord[][] = [];
  #clockMs = 0;

  constructor(trial: Trial, contents: Contents, name: string) {
    this.#trial = trial;
    this.#events = new RunEvents(trial, contents, name);
  }

  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) await this.#step(command);
    await this.#compareAll();
  }

  async #step(command: Command): Promise<void> {
    switch (command.do) {
      case "insert":
        return this.#insert(command.events.map((sent) => this.#events.record(sent, this.#now(sent.skewMs))));
      case "resend":
        return this.#resend(command);
      case "wait":
        this.#clockMs += command.ms;
        return;
      case "park":
        return this.#park(
          command.events.map((event) => this.#events.parked(event, this.#now(command.skewMs))),
        );
      case "get":
        return this.#get();
      case "holders":
        return this.#holders(command.events.map((sent) => this.#events.record(sent, this.#now(sent.skewMs))));
      case "list":
        return this.#list(this.#entryQuery(command), command.rawChars);
      case "aggregate":
        return this.#aggregate(this.#aggregateQuery(command));
    }
  }

  async #insert(records: readonly EventRecord[]): Promise<void> {
    this.#calls.push([...records]);
    const outcomes = await this.#trial.insert(...records);
    assert.deepEqual(outcomes, this.#model.insert(records), "the outcomes of an insert");
  }

  async #resend({ call, retry, order }: Resent): Promise<void> {
    const earlier = this.#calls[call % Math.max(this.#calls.length, 1)] ?? [];
    const sent = retry
      ? earlier
      : earlier.map((record) => this.#trial.again(record, { receivedAt: this.#now() }));
    if (order === "reversed") return this.#insert([...sent].reverse());
    if (order === "same") return this.#insert(sent);
    for (const record of sent) await this.#insert([record]);
  }

  async #park(events: readonly ParkedEvent[]): Promise<void> {
    await this.#trial.park(...events);
    this.#model.park(events);
  }

  /** Looks up the IDs and identities of both tenants in each of the two tenants. */
  async #get(): Promise<void> {
    const ids = [...new Set(this.#model.entries().flatMap(({ id, identity }) => [id, identity ?? id]))];
    for (const tenantId of this.#events.tenants) {
      const entries = await this.#trial.store.get(tenantId, ids, this.#trial.call);
      const expected = ids.map((id) => this.#model.get(tenantId, id));
      assert.deepEqual(
        entries.map(comparable),
        expected.map(comparable),
        "the entries of ids and identities",
      );
    }
  }

  async #holders(records: readonly EventRecord[]): Promise<void> {
    const found = await this.#trial.holders(...records);
    assert.deepEqual(found, this.#model.holders(records), "the holders of identities");
  }

  async #list(query: EntryQuery, rawChars?: number): Promise<void> {
    const bound = rawChars === undefined ? {} : { rawChars };
    const page = await this.#trial.store.list(query, { ...this.#trial.call, ...bound });
    const expected = this.#model.list(query, rawChars);
    assert.deepEqual(
      page.entries.map(comparable),
      expected.entries.map(comparable),
      `the list ${JSON.stringify(query)}`,
    );
    assert.equal(page.more, expected.more, `whether more follows in the list ${JSON.stringify(query)}`);
  }

  async #aggregate(query: AggregateQuery): Promise<void> {
    const rows = await this.#trial.store.aggregate(query, this.#trial.call);
    const expected = this.#model.aggregate(query);
    const about = `the totals ${JSON.stringify(query)}`;
    if (query.order === undefined) assertSameRows(rows, expected, query.limit, about);
    else assert.deepEqual(rows, expected, about);
  }

  async #compareAll(): Promise<void> {
    await this.#get();
    for (const tenantId of this.#events.tenants) {
      await this.#list({ tenantId, ...EVERYTHING });
      await this.#aggregate({ tenantId, byClientId: true, byMetric: true, limit: EVERYTHING.limit });
      for (const of of ["clientId", "metric"] as const) await this.#names({ tenantId, of, limit: 2 });
    }
  }

  /** Reads every page of names. */
  async #names(query: NameQuery): Promise<void> {
    const names = await this.#trial.store.names(query, this.#trial.call);
    assert.deepEqual(names, this.#model.names(query), `the names ${JSON.stringify(query)}`);
    const last = names.at(-1);
    if (last !== undefined) await this.#names({ ...query, after: last.name });
  }

  #now(skewMs = 0): string {
    return at(this.#clockMs + skewMs);
  }

  #filter({ tenant, ...rest }: Filter) {
    return { tenantId: this.#events.tenant(tenant), ...rest };
  }

  #entryQuery({ filter, statuses, visibleTo, after, skip }: Listed): EntryQuery {
    const query = {
      ...this.#filter(filter),
      statuses,
      ...(visibleTo !== undefined && { visibleTo }),
      ...(skip !== undefined && { skip }),
    };
    const entries = this.#model.entries().filter(({ tenantId }) => tenantId === query.tenantId);
    const entry = after === undefined ? undefined : entries[after % Math.max(entries.length, 1)];
    return entry === undefined ? query : { ...query, after: { receivedAt: entry.receivedAt, id: entry.id } };
  }

  #aggregateQuery(aggregated: Aggregated): AggregateQuery {
    const { filter, byClientId, byMetric, byDimensions, cuts, order, after } = aggregated;
    const by = { byClientId, byMetric, ...(byDimensions && { byDimensions }) };
    const query = this.#withBuckets({ ...this.#filter(filter), ...by }, cuts);
    if (order === undefined) return query;
    const all = this.#model.aggregate({ ...query, limit: EVERYTHING.limit });
    const row = after === undefined ? undefined : all[after % Math.max(all.length, 1)];
    const allowed = isAllowed(order, query) ? order : { ...order, by: "bucket" as const };
    return { ...query, order: allowed, ...(row !== undefined && { after: positionOf(row, allowed) }) };
  }

  #withBuckets(query: AggregateQuery, cuts: readonly string[]): AggregateQuery {
    const { from, to } = query;
    if (from === undefined || to === undefined) return query;
    const later = cuts.filter((cut) => cut !== from && isWithin(cut, { from, to }));
    return { ...query, buckets: [from, ...later] };
  }
}

/** Returns true unless the order is by a key by which the query does not group. */
function isAllowed(
  { by }: AggregateOrder,
  { byClientId, byMetric, byDimensions = [] }: AggregateQuery,
): boolean {
  if (by.startsWith("dimension.")) return byDimensions.some((name) => by === `dimension.${name}`);
  return (by !== "clientId" || byClientId) && (by !== "metric" || byMetric);
}

/**
 * Returns the entry for a comparison. Stores may choose the exact `resolvedAt`, so only whether it is set is
 * compared.
 */
function comparable(entry: Entry | null): unknown {
  if (entry === null || entry.status === "processed") return entry;
  return { ...entry, resolvedAt: entry.resolvedAt === null ? null : "resolved" };
}
