import { maintain, PostgresStore, postgres } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { MOST_TALLIES_COUNTED } from "../../src/totals/unfolded.js";
import { type Fixture, fixture, testPool } from "../fixture.js";
import { insert, patient, recordOf, recordsOf } from "../records.js";
import { insertWide } from "./wide-tallies.js";

/** A store over the fixture's schema that folds after each insert. */
function foldingStore({ schema }: Fixture, options: object = {}): PostgresStore {
  const pool = testPool();
  const store = new PostgresStore({ pool, schema, foldEvery: 1, ...options });
  onTestFinished(() => store.close());
  return store;
}

const tallies = async ({ admin, schema }: Fixture) =>
  Number((await admin.query(`select count(*) as tallies from ${schema}.tally`)).rows[0].tallies);

describe("foldingState", () => {
  it("counts the tallies and the cells of all processes, with the age of the oldest", async () => {
    const made = await fixture({ foldEvery: 0 });
    const { store, admin, schema } = made;
    expect(await store.foldingState()).toEqual({
      tallies: 0,
      cells: 0,
      oldestMs: null,
      isPartial: false,
      delaysInserts: false,
      failures: 0,
      error: null,
      skipped: 0,
    });
    await insertWide(made, 3, 40);
    await insert(store, [recordOf()]);
    await admin.query(
      `update ${schema}.tally set inserted_at = inserted_at - interval '1 hour' where cardinality(counts) = 1`,
    );
    const state = await foldingStore(made).foldingState();
    expect(state).toMatchObject({ tallies: 4, cells: 121, isPartial: false });
    expect(state.oldestMs).toBeGreaterThanOrEqual(3_600_000);
    expect(state.oldestMs).toBeLessThan(7_200_000);
  });

  it("is part of the bound object and of the result of maintain", async () => {
    const made = await fixture({ foldEvery: 0 });
    const db = postgres({ pool: testPool(), schema: made.schema, foldEvery: 0 });
    onTestFinished(() => db.store.close());
    await insert(made.store, recordsOf(2));
    expect(await db.foldingState()).toMatchObject({ tallies: 1, cells: 1 });
    // another process inserts while maintain runs
    const hook = `create function ${made.schema}.late() returns trigger language plpgsql as $$ begin
      insert into ${made.schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs)
      values ('late', '{c,d}', '{m,m}', '{2026-01-01Z,2026-01-01Z}', '{1,1}', '{1,1}', '{1,1}', '{1,1}');
      return null; end $$;
      create trigger late after insert on ${made.schema}.day_total for each statement execute function ${made.schema}.late()`;
    await made.admin.query(hook);
    const { folded, unfolded } = await maintain(made.admin, { schema: made.schema });
    expect({ folded, unfolded }).toMatchObject({ folded: 1, unfolded: { tallies: 1, cells: 2 } });
    expect(unfolded.oldestMs).toBeGreaterThanOrEqual(0);
  });

  it("has the last error, the number of failures and of skipped tallies, until a fold succeeds", async () => {
    const made = await fixture({ foldEvery: 0 });
    await made.admin.query(`alter table ${made.schema}.day_total add constraint none check (count < 0)`);
    const store = foldingStore(made, { onUpkeepError: () => undefined });
    await insert(store, [recordOf()]);
    await expect.poll(async () => (await store.foldingState()).failures).toBe(1);
    const state = await store.foldingState();
    expect(state).toMatchObject({ tallies: 1, skipped: 1, error: { code: "EVT_RECORD_REFUSED" } });
  });

  it("counts at most 100,000 tallies, and reads none of their cells", async () => {
    const { store, admin, schema } = await fixture({ foldEvery: 0 });
    await admin.query(
      `insert into ${schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs)
       select 'many', '{c}', '{m}', '{2026-01-01Z}', '{1}', '{1}', '{1}', '{1}' from generate_series(1, $1::int)`,
      [MOST_TALLIES_COUNTED + 1],
    );
    expect(await store.foldingState()).toMatchObject({
      tallies: MOST_TALLIES_COUNTED,
      cells: MOST_TALLIES_COUNTED,
      isPartial: true,
    });
  });

  it("is aborted by its signal, and refuses unknown options", async () => {
    const { store } = await fixture({ foldEvery: 0 });
    await expect(store.foldingState({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "EVT_STORE_UNAVAILABLE",
    });
    await expect(store.foldingState({ timeout: 1 } as never)).rejects.toThrow('no option "timeout"');
  });
});

describe("onFold", () => {
  it("is called with each slice that folded tallies, and its errors are ignored", async () => {
    const made = await fixture({ foldEvery: 0 });
    await insertWide(made, 2, 30);
    const slices: object[] = [];
    const store = foldingStore(made, {
      onFold: (slice: object) => {
        slices.push(slice);
        throw new Error("a listener fails");
      },
    });
    await store.insert([recordOf()], patient());
    await expect.poll(() => tallies(made)).toBe(0);
    await store.close();
    expect(slices).toEqual([{ tallies: 3, cells: 61, ms: expect.any(Number), unfoldedCells: 0 }]);
  });

  it("must be a function", () => {
    expect(() => new PostgresStore({ pool: testPool(), onFold: "log" as never })).toThrow(
      "onFold is log; it must be a function",
    );
  });
});
