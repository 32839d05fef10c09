import { createEvt, type EventRecord } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { again, counted, failureOf, insert, patient, recordOf, TENANT } from "../records.js";
import { WAYS } from "../watched-pool.js";

const MINUTE_MS = 60_000;
const SKEWS_MS = [-10 * MINUTE_MS, 0, 10 * MINUTE_MS];

/** A record in a window of five minutes, as created by a host whose clock is wrong by `skewMs`. */
function windowed(skewMs: number, given: Partial<EventRecord> = {}): EventRecord {
  const now = Date.now() + skewMs;
  const receivedAt = new Date(now).toISOString();
  const lapsesAt = new Date(now + 5 * MINUTE_MS).toISOString();
  const { identity } = recordOf();
  return recordOf({ identifiedBy: "window", idempotencyKey: null, identity, receivedAt, lapsesAt, ...given });
}

/** The same event on another host. */
function elsewhere(record: EventRecord, skewMs: number): EventRecord {
  const { identity, fingerprint } = record;
  return windowed(skewMs, { identity, fingerprint, id: recordOf().identity });
}

/** Simulates the passing of time on Postgres's clock: moves the stored times into the past. */
async function pass({ admin, schema }: Fixture, ms: number): Promise<void> {
  const earlier = "$1::int * interval '1 ms'";
  await admin.query(`update ${schema}.claim set lapses_at = lapses_at - ${earlier}`, [ms]);
  await admin.query(`update ${schema}.parked set attempted_at = attempted_at - ${earlier}`, [ms]);
}

const failures = { tenantId: TENANT, statuses: ["failed"], limit: 9 } as const;

describe.each(WAYS)("claims lapse by Postgres's clock, inserting %s,", (_, wrap) => {
  it("so hosts whose clocks differ count an event once, and once more after its window", async () => {
    for (const first of SKEWS_MS) {
      const made = await fixture({ wrap, reused: true });
      const record = windowed(first);
      expect(await insert(made.store, [record])).toEqual(["inserted"]);
      for (const skew of SKEWS_MS)
        expect(await insert(made.store, [elsewhere(record, skew)])).toEqual(["taken"]);
      await pass(made, 4 * MINUTE_MS);
      for (const skew of SKEWS_MS) {
        expect(await made.store.holders([elsewhere(record, skew)], patient())).not.toEqual([null]);
        expect(await insert(made.store, [elsewhere(record, skew)])).toEqual(["taken"]);
      }
      await pass(made, 2 * MINUTE_MS);
      expect(await made.store.holders([elsewhere(record, first)], patient())).toEqual([null]);
      const hosts = SKEWS_MS.map((skew) => insert(made.store, [elsewhere(record, skew)]));
      expect((await Promise.all(hosts)).flat().sort()).toEqual(["inserted", "taken", "taken"]);
      expect(await counted(made.store)).toBe(2);
    }
  });

  it("and a retried record does not take over its own claim", async () => {
    const made = await fixture({ wrap, reused: true });
    const record = windowed(0);
    await insert(made.store, [record]);
    await pass(made, 6 * MINUTE_MS);
    expect(await insert(made.store, [record])).toEqual(["taken"]);
    expect(await insert(made.store, [again(record)])).toEqual(["inserted"]);
  });

  it.each(SKEWS_MS)(
    "so a failure from a host whose clock is off by %d ms is resolved if its event is counted, and open otherwise",
    async (skew) => {
      const made = await fixture({ wrap, reused: true });
      const { store, admin, schema } = made;
      const record = windowed(0);
      await insert(store, [record]);
      const failure = failureOf(elsewhere(record, skew), { fingerprint: record.fingerprint });
      await store.park([failure], patient());
      expect((await store.list(failures, patient())).entries).toEqual([]);
      // as if the two had run concurrently
      await admin.query(`update ${schema}.parked set resolved_at = null`);
      expect((await store.list(failures, patient())).entries).toEqual([]);

      await pass(made, 6 * MINUTE_MS);
      const next = failureOf(elsewhere(record, skew), {
        fingerprint: record.fingerprint,
        id: recordOf().identity,
      });
      await store.park([next], patient());
      expect((await store.list(failures, patient())).entries).toMatchObject([
        { id: next.id, resolvedAt: null },
      ]);
    },
  );

  it.each(SKEWS_MS)(
    "so a rejection resolves an earlier failure, but not a later one, at %d ms",
    async (skew) => {
      const { store } = await fixture({ wrap, reused: true });
      const record = windowed(skew);
      const rejection = failureOf(elsewhere(record, -skew), {
        fingerprint: record.fingerprint,
        status: "rejected",
        error: null,
        id: recordOf().identity,
      });
      await store.park([failureOf(record)], patient());
      await store.park([rejection], patient());
      expect((await store.list(failures, patient())).entries).toEqual([]);
      await store.park([failureOf(record)], patient());
      expect((await store.list(failures, patient())).entries).toHaveLength(1);
    },
  );
});

it("an event without key and time is counted once, even if the hosts' clocks differ", async () => {
  const { pool, schema } = await fixture({ reused: true });
  const hosts = SKEWS_MS.map((skew) =>
    createEvt({ store: new PostgresStore({ pool, schema }), runtime: { now: () => Date.now() + skew } }),
  );
  const event = { clientId: "shop", metric: "order", amount: 1 };
  const outcomes = await Promise.all(hosts.map((host) => host.tenant(TENANT).ingest(event)));
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["duplicate", "duplicate", "processed"]);
  for (const host of hosts) await host.close();
});

it("an unknown clock is a TypeError", async () => {
  const { pool } = await fixture({ reused: true });
  expect(() => new PostgresStore({ pool, clock: "host" as "caller" })).toThrow(
    'clock is "host"; it must be one of "database", "caller"',
  );
});
