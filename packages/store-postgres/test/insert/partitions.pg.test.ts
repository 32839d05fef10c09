import { isEvtError } from "@evt/core";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { counted, insert, patient, recordOf, TENANT } from "../records.js";
import { watched } from "../watched-pool.js";

describe("a month without a partition", () => {
  it("gets one, and the insert is done", async () => {
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

  it("gets one when eight writers come upon it at once", async () => {
    const { store } = await fixture();
    for (let year = 2040; year < 2050; year++) {
      const receivedAt = `${year}-06-15T00:00:00.000Z`;
      const writing = Array.from({ length: 8 }, () => insert(store, [recordOf({ receivedAt })]));
      expect((await Promise.all(writing)).flat()).toEqual(Array(8).fill("inserted"));
    }
    expect(await counted(store)).toBe(80);
  });

  it("has its first events in no filter of ids, which would be rewritten with each of them", async () => {
    const { store, admin, schema } = await fixture();
    await insert(store, [recordOf({ receivedAt: "2030-01-31T23:59:59.999Z" })]);
    const { rows } = await admin.query(
      `select brin_summarize_new_values(indexrelid) as pages from pg_index join pg_class on pg_class.oid = indexrelid
         join pg_am on pg_am.oid = relam and amname = 'brin' where indrelid = '${schema}.event_2030_01'::regclass`,
    );
    expect(rows).toEqual([{ pages: 1 }]);
  });

  it("is asked for only where it is missing", async () => {
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
  "stores, finds, lists and totals what was received at %s",
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

it("says so where a month's partition was taken away and its name is still in use", async () => {
  const { store, admin, schema } = await fixture();
  await insert(store, [recordOf()]);
  await admin.query(`alter table ${schema}.event detach partition ${schema}.event_2026_03`);
  const error = await store.insert([recordOf()], patient()).catch((reason: unknown) => reason);
  expect(isEvtError(error, "EVT_INTERNAL")).toBe(true);
  expect(String(error)).toContain("event_2026_03 is no partition of event any more (SQLSTATE 55000)");
  expect(await counted(store)).toBe(1);
});
