import { createEvt, type EventRecord } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { fixture, testPool } from "../fixture.js";
import { again, counted, failureOf, insert, patient, RECEIVED_AT, recordOf, recordsOf } from "../records.js";

const WRITERS = 8;
const ROUNDS = depth(6, 25);

/** Returns the records that each writer sends: all of them, and every other writer in the opposite order. */
function crosswise(records: readonly EventRecord[]): EventRecord[][] {
  return Array.from({ length: WRITERS }, (_, writer) => {
    const sent = records.map((record) => again(record));
    return writer % 2 === 0 ? sent : sent.reverse();
  });
}

describe("writers whose batches share identities in opposite orders", () => {
  it("store each identity once, without a deadlock", async () => {
    const { store } = await fixture();
    for (let round = 0; round < ROUNDS; round++) {
      const records = recordsOf(60);
      const outcomes = await Promise.all(crosswise(records).map((batch) => insert(store, batch)));
      expect(outcomes.flat().filter((outcome) => outcome === "inserted")).toHaveLength(records.length);
    }
    expect(await counted(store)).toBe(ROUNDS * 60);
  });

  it("take over each lapsed claim once", async () => {
    const { store } = await fixture({ clock: "caller" });
    const lapsesAt = "2026-03-01T12:05:00.000Z";
    const lapsing = recordsOf(40, { identifiedBy: "window", lapsesAt });
    await insert(store, lapsing);
    for (let round = 1; round <= ROUNDS; round++) {
      const receivedAt = new Date(Date.parse(RECEIVED_AT) + round * 300_000).toISOString();
      const next = new Date(Date.parse(receivedAt) + 300_000).toISOString();
      const batches = crosswise(lapsing).map((batch) =>
        batch.map((record) => ({ ...record, id: sentIn(round, record), receivedAt, lapsesAt: next })),
      );
      const outcomes = await Promise.all(batches.map((batch) => insert(store, batch)));
      expect(outcomes.flat().filter((outcome) => outcome === "inserted")).toHaveLength(lapsing.length);
    }
    expect(await counted(store)).toBe((ROUNDS + 1) * 40);
  });

  it("change the same totals in opposite orders, without a deadlock", async () => {
    // More writers than slots, so that some share one. Without sorting, the order could result from how Postgres
    // groups, but the hash tables of small batches and of large ones have different orders.
    const { store } = await fixture({ config: { max: 16, options: "-c enable_sort=off" } });
    const quarters = Array.from({ length: 300 }, (_, n) =>
      new Date(Date.UTC(2026, 1, 1, 0, 15 * n)).toISOString(),
    );
    for (let round = 0; round < depth(3, 10); round++) {
      const batches = Array.from({ length: 16 }, (_, writer) =>
        quarters.slice(0, writer < 8 ? 60 : 300).map((timestamp) => recordOf({ timestamp })),
      );
      await Promise.all(batches.map((batch) => insert(store, batch)));
    }
    expect(await counted(store)).toBe(depth(3, 10) * 8 * (60 + 300));
  });

  it("resolve failures that other writers park again meanwhile, without a deadlock", async () => {
    const { store } = await fixture();
    for (let round = 0; round < ROUNDS; round++) {
      const records = recordsOf(40);
      const failures = records.map((record) => failureOf(record));
      await store.park(failures, patient());
      const parking = [failures, [...failures].reverse()].map((some) => store.park(some, patient()));
      await Promise.all([...crosswise(records).map((batch) => insert(store, batch)), ...parking]);
      const open = await store.list({ tenantId: "acme", statuses: ["failed"], limit: 100 }, patient());
      expect(open.entries).toEqual([]);
    }
  });
});

/** Each insert that takes over a lapsed claim has its own ID. */
function sentIn(round: number, { identity }: EventRecord): string {
  return identity.slice(0, 48) + round.toString(16).padStart(16, "0");
}

it("counts an event once if it is sent a thousand times concurrently through two servers, and no call fails", async () => {
  const { schema, store } = await fixture();
  const other = new PostgresStore({ pool: testPool(), schema });
  const servers = [createEvt({ store }), createEvt({ store: other })];
  const event = { client: "a", amount: "1", timestamp: "2024-01-01" };
  const sending = Array.from({ length: 1_000 }, (_, n) => servers[n % 2]!.tenant("acme").ingest(event));
  const outcomes = (await Promise.all(sending)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "processed")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "duplicate")).toHaveLength(999);
  expect(await counted(store)).toBe(1);
  await Promise.all(servers.map((server) => server.close()));
});

it("gives a key with two contents to the first event, and parks the other as a conflict", async () => {
  const { store } = await fixture();
  const evt = createEvt({ store });
  const acme = evt.tenant("acme");
  const sending = Array.from({ length: 200 }, (_, n) =>
    acme.ingest({ client: "a", eventId: "k", amount: n % 2 }),
  );
  const outcomes = (await Promise.all(sending)).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "processed")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "duplicate")).toHaveLength(99);
  expect(outcomes.filter((outcome) => outcome === "conflict")).toHaveLength(100);
  const { entries } = await acme.list({ status: "conflict" });
  expect(entries).toMatchObject([{ status: "conflict", attempts: 100 }]);
  await evt.close();
});
