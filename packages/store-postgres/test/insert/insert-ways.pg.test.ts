import type { EventRecord } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { again, counted, insert, patient, recordOf, recordsOf } from "../records.js";
import { COPY, type Hooks, WAYS, watched } from "../watched-pool.js";

/** A store over a watched pool, with its schema checked and a partition created. */
async function watchedStore(hooks: Hooks = {}) {
  const base = await fixture({ reused: true });
  await insert(base.store, [recordOf()]);
  const seen = watched(base.pool, hooks);
  const store = new PostgresStore({ pool: seen.pool, schema: base.schema });
  await store.ping(patient()); // checks the schema
  await readCombinations(store);
  seen.asked.length = 0;
  return { base, seen, store };
}

/** Makes the store read which combinations exist, as its first insert otherwise does. */
async function readCombinations(store: PostgresStore): Promise<void> {
  const query = { tenantId: "nobody", byClientId: false, byMetric: false, byDimensions: ["plan"], limit: 1 };
  await store.aggregate(query, patient());
}

const isHolders = (text: string) => text.includes("differing");
const kinds = (asked: readonly string[]) =>
  asked.map((text) => (text === COPY ? "copy" : isHolders(text) ? "holders" : "statement"));

describe("an insert", () => {
  it("of new events is one COPY in one round trip", async () => {
    const { seen, store } = await watchedStore();
    expect(await insert(store, recordsOf(50))).toEqual(Array(50).fill("inserted"));
    expect(kinds(seen.asked)).toEqual(["copy"]);
  });

  it("that finds a resend reads the holders and copies the rest", async () => {
    const { seen, store } = await watchedStore();
    const known = recordOf();
    await insert(store, [known]);
    seen.asked.length = 0;
    expect(await insert(store, [recordOf(), again(known), recordOf()])).toEqual([
      "inserted",
      "taken",
      "inserted",
    ]);
    // the first COPY was sent and refused
    expect(kinds(seen.asked)).toEqual(["copy", "holders", "copy"]);
  });

  it("of resends only is one query, and does not write", async () => {
    const { seen, store } = await watchedStore();
    const known = recordsOf(20);
    await insert(store, known);
    for (let n = 0; n < 5; n++)
      await insert(
        store,
        known.map((record) => again(record)),
      );
    seen.asked.length = 0;
    expect(
      await insert(
        store,
        known.map((record) => again(record)),
      ),
    ).toEqual(Array(20).fill("taken"));
    expect(kinds(seen.asked)).toEqual(["holders"]);
  });

  it("reads holders first only while resends are expected", async () => {
    const { seen, store } = await watchedStore();
    const known = recordOf();
    await insert(store, [known]);
    for (let n = 0; n < 5; n++) await insert(store, [again(known)]);
    seen.asked.length = 0;
    expect(await insert(store, recordsOf(2))).toEqual(["inserted", "inserted"]);
    expect(kinds(seen.asked)).toEqual(["holders", "copy"]);
    for (let n = 0; n < 60; n++) await insert(store, [recordOf()]);
    seen.asked.length = 0;
    await insert(store, [recordOf()]);
    expect(kinds(seen.asked)).toEqual(["copy"]);
  });

  it("that is overtaken by another insert skips the other's claims, with one statement", async () => {
    const raced = recordOf();
    const steps = { overtake: async () => undefined as unknown };
    const { base, seen, store } = await watchedStore({
      beforeQuery: async ({ text }) => {
        if (text !== COPY) return;
        const { overtake } = steps;
        steps.overtake = async () => undefined;
        await overtake();
      },
    });
    const known = recordOf();
    await insert(store, [known]);
    for (let n = 0; n < 5; n++) await insert(store, [again(known)]);
    steps.overtake = () => insert(base.store, [again(raced)]);
    seen.asked.length = 0;
    const records = [again(known), raced, recordOf()];
    expect(await insert(store, records)).toEqual(["taken", "taken", "inserted"]);
    expect(kinds(seen.asked)).toEqual(["holders", "copy", "statement", "holders"]);
    expect(await counted(base.store)).toBe(4);
  });

  it("of one identity of two tenants is one COPY", async () => {
    const { seen, store } = await watchedStore();
    const one = recordOf();
    expect(await insert(store, [one, again(one, { tenantId: "other" })])).toEqual(["inserted", "inserted"]);
    expect(kinds(seen.asked)).toEqual(["copy"]);
  });

  it("with twins inserts the first of them", async () => {
    const { seen, store } = await watchedStore();
    const one = recordOf();
    expect(await insert(store, [one, recordOf(), again(one)])).toEqual(["inserted", "inserted", "taken"]);
    expect(kinds(seen.asked)).toEqual(["holders", "copy"]);
  });

  it("of lapsing claims is one statement, which can take them over", async () => {
    const { seen, store } = await watchedStore();
    const lapsing = {
      identifiedBy: "window",
      lapsesAt: "2026-03-01T12:05:00.000Z",
      idempotencyKey: null,
    } as const;
    expect(await insert(store, [recordOf(lapsing), recordOf()])).toEqual(["inserted", "inserted"]);
    expect(kinds(seen.asked)).toEqual(["statement"]);
  });
});

describe("both ways", () => {
  const AWKWARD: Partial<EventRecord>[] = [
    {},
    { rawJson: null, idempotencyKey: null, identifiedBy: "content" },
    { amount: "99999999999999999999.999999999999999999", timestamp: "0001-02-03T04:05:06.123456Z" },
    { amount: "-0.000000000000000001", timestamp: "9999-12-31T23:59:59.999999Z" },
    { clientId: "語".repeat(255), metric: "a'\\\t\"b", rawJson: '{"nul":"\\u0000","lone":"\\ud800"}' },
    { identifiedBy: "receipt", idempotencyKey: null },
    { fingerprint: "f".repeat(64) },
    { clientId: "b", tenantId: "other" },
    { rawHash: 2 ** 52 - 1, identifiedBy: "content", idempotencyKey: null },
    { rawHash: null, rules: 1, twins: 1 },
    { rules: 2, twins: 32_767 },
    { id: "e".repeat(64) },
  ];

  async function stored({ admin, schema }: Fixture) {
    const table = async (name: string, columns: string) =>
      (await admin.query(`select ${columns} from ${schema}.${name} order by 1, 2, 3, 4`)).rows;
    const cell =
      "unnest(client_ids) as c, unnest(metrics) as m, unnest(quarters)::text as q, unnest(counts) as n, unnest(sums)::text as s";
    return {
      claims: await table(
        "claim",
        "tenant_id, place, identity, event_id, fingerprint, received_at, lapses_at, receipt_id, raw_hash, rules, twins",
      ),
      events: await table("event", "*, amount::text as text, raw::text as raw_text"),
      tallies: await table("tally", `tenant_id, ${cell}, unnest(mins)::text as lo, unnest(maxs)::text as hi`),
    };
  }

  it("store and tally the same values, column by column", async () => {
    const records = AWKWARD.map((given) => recordOf(given));
    const left = [];
    for (const [, wrap] of WAYS) {
      const made = await fixture({ wrap, reused: true });
      await insert(made.store, records);
      left.push(await stored(made));
    }
    expect(left[0]?.events).toHaveLength(AWKWARD.length);
    expect(left[0]?.tallies.length).toBeGreaterThan(4);
    expect(left[1]).toEqual(left[0]);
  });

  it("store the same values of a record that is inserted alone", async () => {
    const records = AWKWARD.map((given) => recordOf(given));
    const left = [];
    for (const [, wrap] of WAYS) {
      const made = await fixture({ wrap, reused: true });
      for (const record of records) await insert(made.store, [record]);
      left.push(await stored(made));
    }
    expect(left[0]?.events).toHaveLength(AWKWARD.length);
    expect(left[1]).toEqual(left[0]);
  });
});
