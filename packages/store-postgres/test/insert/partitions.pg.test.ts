import { isEvtError } from "@evt/core";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { counted, insert, patient, recordOf, TENANT } from "../records.js";
import { watched } from "../watched-pool.js";

describe("a month without a partition", () => {
  it("gets a partition, and the insert succeeds", async () => {
    const { store, admin, schema } = await fixture();
    const records = ["2030-01-31T23:59:59.999Z", "2030-02-01T00:00:00.000Z", "2035-12-31T00:00:00.000Z"].map(
      (receivedAt) => recordOf({ receivedAt }),
    );
    expect(await insert(store, records)).toEqual(["inserted", "inserted", "inserted"]);
    const { rows } = await admin.query(
      `select tableoid::regclass::text as partition from ${schema}.event order by 1`,
    );
    const months = rows.map(({ partition }) => String(partition).slice(-7));
    expect(months).toEqual(["2030_01", "2030_02", "2035_12"]);
  });

  it("gets one partition if eight writers need it at the same time", async () => {
    const { store } = await fixture();
    for (let year = 2040; year < 2050; year++) {
      const receivedAt = `${year}-06-15T00:00:00.000Z`;
      const writing = Array.from({ length: 8 }, () => insert(store, [recordOf({ receivedAt })]));
      expect((await Promise.all(writing)).flat()).toEqual(Array(8).fill("inserted"));
    }
    expect(await counted(store)).toBe(80);
  });

  it("has no ID filter over its first events, because each event would rewrite the filter", async () => {
    const { store, admin, schema } = await fixture();
    await insert(store, [recordOf({ receivedAt: "2030-01-31T23:59:59.999Z" })]);
    const { rows } = await admin.query(
      `select brin_summarize_new_values(indexrelid) as pages from pg_index join pg_class on pg_class.oid = indexrelid
         join pg_am on pg_am.oid = relam and amname = 'brin' where indrelid = '${schema}.event_2030_01'::regclass`,
    );
    expect(rows).toEqual([{ pages: 1 }]);
  });

  it("gets a partition only once", async () => {
    let asked: readonly string[] = [];
    const { store } = await fixture({
      wrap: (pool) => {
        const seen = watched(pool);
        asked = seen.asked;
        return seen.pool;
      },
    });
    await insert(store, [recordOf()]);
    await insert(store, [recordOf()]);
    expect(asked.filter((text) => text.includes("make_partition"))).toHaveLength(1);
  });
});

it.each(["0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"])(
  "stores, finds, lists and totals an event received at %s",
  async (instant) => {
    const { store } = await fixture();
    const record = recordOf({ receivedAt: instant, timestamp: instant });
    expect(await insert(store, [record])).toEqual(["inserted"]);
    const [found] = await store.get(TENANT, [record.id], patient());
    expect(found).toMatchObject({ receivedAt: instant, timestamp: instant });
    const page = await store.list(
      { tenantId: TENANT, statuses: ["processed"], limit: 1, from: instant },
      patient(),
    );
    expect(page.entries).toEqual([found]);
    const query = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1, from: instant };
    expect(await store.aggregate(query, patient())).toMatchObject([{ count: 1 }]);
  },
);

it("creates a partition with another name if a table has the month's name", async () => {
  const { store, admin, schema } = await fixture();
  await insert(store, [recordOf()]);
  await admin.query(`alter table ${schema}.event detach partition ${schema}.event_2026_03`);
  expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
  const { rows } = await admin.query(`select tableoid::regclass::text as partition from ${schema}.event`);
  expect(rows).toEqual([{ partition: `${schema}.event_2026_03_2` }]);
  expect(await counted(store)).toBe(2);
});

it.each(["+010000-01-01T00:00:00.000Z", "0000-12-31T23:59:59.999Z", "-000043-03-15T00:00:00.000Z"])(
  "refuses an event received at %s, with the reason",
  async (receivedAt) => {
    const { store } = await fixture();
    const error = await store
      .insert([recordOf({ receivedAt })], patient())
      .catch((reason: unknown) => reason);
    expect(String(error)).toContain("years 1 to 9999");
    expect(await counted(store)).toBe(0);
  },
);

describe("make_partition", () => {
  const make = ({ admin, schema }: Fixture, at: string) =>
    admin.query(`select ${schema}.make_partition($1)::text as made`, [at]);

  it.each(["0044-03-15 BC", "infinity", "-infinity", "10000-01-01T00:00:00Z", null])(
    "creates no partition for %s",
    async (at) => {
      const made = await fixture();
      await expect(make(made, at as string)).rejects.toMatchObject({ code: "53400" });
    },
  );

  it("creates at most a hundred partitions for months more than ten years away, and any number for nearer months", async () => {
    const made = await fixture();
    for (let month = 0; month < 100; month++) await make(made, new Date(Date.UTC(2100, month)).toISOString());
    await expect(make(made, "1970-01-01T00:00:00Z")).rejects.toMatchObject({
      code: "53400",
      message: expect.stringContaining("100 partitions are more than ten years from today already"),
    });
    const { rows } = await make(made, new Date(Date.now() - 9 * 365 * 86_400_000).toISOString());
    expect(rows).toEqual([{ made: "true" }]);
    // an existing partition can be requested again
    expect((await make(made, "2100-01-01T00:00:00Z")).rows).toEqual([{ made: "false" }]);
    // an event that cannot be stored now is not refused permanently
    const error = await made.store
      .insert([recordOf({ receivedAt: "1970-01-01T00:00:00.000Z" })], patient())
      .catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
  });
});
