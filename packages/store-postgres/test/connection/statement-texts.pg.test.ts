import { createEvt, type Evt } from "@evt/core";
import type { PgPool } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { WAYS, watched } from "../watched-pool.js";

/** Runs every method that sends a caller's values to Postgres, with `mark` in each value. */
async function everyCall(evt: Evt, mark: string): Promise<void> {
  const events = evt.tenant(`tenant ${mark}`);
  const [clientId, metric] = [`client ${mark}`, `metric ${mark}`];
  const sent = { clientId, metric, amount: 1, timestamp: "2026-02-01T00:00:00Z", note: mark };
  await events.ingestMany([sent, sent, { ...sent, eventId: mark }]);
  await events.ingestMany([
    { ...sent, eventId: mark, amount: 2 },
    { ...sent, amount: mark },
    { clientId, metric, amount: 1 },
  ]);
  await events.preview([sent]);
  const filter = { clientId, metric, from: "2026-01-01", to: "2027-12-31" };
  const { entries, nextCursor } = await events.list({ ...filter, reason: mark, status: "rejected" });
  expect([entries, nextCursor]).toEqual([[], null]);
  const page = await events.list({ ...filter, limit: 1, skip: 1 });
  await events.list({ ...filter, limit: 1, cursor: page.nextCursor ?? "" });
  const bound = evt.tenant(`tenant ${mark}`, { clientId });
  await bound.list();
  await bound.reasons();
  await events.reasons(filter);
  await events.aggregate({
    ...filter,
    groupBy: ["clientId", "metric"],
    interval: "day",
    timeZone: "Asia/Kolkata",
  });
  await events.aggregate({ ...filter, from: "2026-01-01T00:07:00Z" });
  await events.ingest({ ...sent, metric: `other ${mark}` });
  const ordered = { groupBy: ["clientId", "metric"], orderBy: "sum", limit: 1 } as const;
  const { nextCursor: cursor } = await events.aggregate(ordered);
  await events.aggregate({ ...ordered, cursor: String(cursor) });
  const seen = await events.clients({ prefix: "client", limit: 1 });
  await events.clients({ limit: 1 });
  await bound.clients();
  await bound.metrics({ prefix: metric });
  await events.metrics();
  expect(seen.clients).toMatchObject([{ clientId }]);
  await events.replayPage(filter, { edit: () => ({ ...sent, eventId: `again ${mark}` }) });
  for (const { id } of page.entries) {
    await events.get(id);
    await events.history(id);
    await events.replay([id]);
  }
}

async function textsAsked(wrap: (pool: PgPool) => PgPool, mark: string): Promise<ReadonlySet<string>> {
  const asked: string[][] = [];
  const { store, schema } = await fixture({
    foldEvery: 0,
    wrap: (pool) => {
      const seen = watched(pool);
      asked.push(seen.asked);
      return wrap(seen.pool);
    },
  });
  await everyCall(createEvt({ store }), mark);
  return new Set(asked.flat().map((text) => text.replaceAll(schema, "evt")));
}

describe("the text of a statement", () => {
  it.each(WAYS)("contains no value: it is the same for any values of a caller (%s)", async (_, wrap) => {
    const texts = await textsAsked(wrap, "one");
    expect(texts.size).toBeGreaterThan(10);
    for (const mark of ["'; drop table event; --", '" \\ $1 %s :x ?'])
      expect(await textsAsked(wrap, mark)).toEqual(texts);
  });
});
