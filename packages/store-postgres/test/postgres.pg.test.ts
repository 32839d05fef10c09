import { createEvt } from "@evt/core";
import { PostgresStore, postgres } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { freshSchema, testPool } from "./fixture.js";
import { insert, recordsOf } from "./records.js";

function bound() {
  const pool = testPool();
  const schema = freshSchema();
  const db = postgres({ pool, schema });
  onTestFinished(async () => {
    await db.store.close();
    await pool.query(`drop schema if exists ${schema} cascade`);
  });
  return { db, pool, schema };
}

const order = { client: "shop", metric: "order", amount: "1", eventId: "order-1" };

describe("postgres", () => {
  it("binds the store, migrations, the outbox and upkeep to one pool and schema", async () => {
    const { db, pool, schema } = bound();
    expect(await db.migrate({ monthsAhead: 1 })).toEqual(db.migrations().map(({ version }) => version));
    expect(db.migrations()[0]?.sql).toContain(`"${schema}".claim`);
    expect(await insert(db.store, recordsOf(2))).toEqual(["inserted", "inserted"]);

    const evt = createEvt({ store: db.store });
    const outbox = db.outbox({ evt });
    const client = await pool.connect();
    await outbox.enqueue(client, "acme", [order]);
    client.release();
    expect(await outbox.relay()).toMatchObject({ counted: 1 });

    expect(await db.maintain({ monthsAhead: 1 })).toMatchObject({ partitions: 0, folded: 2 });
    expect(await db.recount({ from: "2000-01-01", to: "2099-12-31" })).toMatchObject({ differences: [] });
    expect(await db.retain({ before: "2000-01-01" })).toEqual([]);
    expect(await db.forgetParked({ before: "2000-01-01" })).toBe(0);
    expect(await db.checkDurability()).toEqual(expect.any(Array));
  });

  it("runs maintain repeatedly until it is stopped", async () => {
    const { db } = bound();
    await db.migrate({ monthsAhead: 1 });
    let runs = 0;
    await new Promise<void>((resolve, reject) => {
      const stop = db.maintainEvery(1, {
        monthsAhead: 1,
        onError: reject,
        onMaintained: () => {
          if (++runs === 2) void stop().then(resolve);
        },
      });
    });
    expect(runs).toBe(2);
  });

  it("refuses a pool or a schema as an option of a single call", async () => {
    const { db } = bound();
    await expect(db.migrate({ schema: "other" } as never)).rejects.toThrow(
      'migrate has no option "schema" here',
    );
    await expect(db.recount({ schema: "other" } as never)).rejects.toThrow(
      'recount has no option "schema" here',
    );
    expect(() => db.outbox({ pool: testPool() } as never)).toThrow('outbox has no option "pool" here');
  });

  it("refuses the options that the store refuses", () => {
    expect(() => postgres({ pool: testPool(), shema: "evt" } as never)).toThrow("shema");
    expect(() => postgres({} as never)).toThrow("PostgresStore needs a pool");
    expect(bound().db.store).toBeInstanceOf(PostgresStore);
  });
});
