import { createEvt, type Evt, type EvtOptions } from "@evt/core";
import { createOutbox, type Outbox, type OutboxOptions, type PgPool, recount } from "@evt/store-postgres";
import type pg from "pg";
import { expect, onTestFinished } from "vitest";
import { type Fixture, type FixtureOptions, fixture } from "../fixture.js";
import { TENANT } from "../records.js";
import { until } from "../until.js";

export interface OutboxFixture extends Fixture {
  readonly evt: Evt;
  readonly outbox: Outbox;
}

export interface OutboxFixtureOptions {
  readonly store?: FixtureOptions;
  readonly evt?: Partial<EvtOptions>;
  readonly outbox?: Partial<OutboxOptions>;
  /** The pool that relays use. */
  readonly wrap?: (pool: pg.Pool) => PgPool;
}

/** A store, an evt that retries without a pause, and an outbox, all for one schema. */
export async function outboxFixture(options: OutboxFixtureOptions = {}): Promise<OutboxFixture> {
  const made = await fixture(options.store);
  const evt = createEvt({ store: made.store, runtime: { random: () => 0 }, ...options.evt });
  onTestFinished(() => evt.close());
  const { wrap = (pool: pg.Pool) => pool } = options;
  const outbox = createOutbox({ evt, pool: wrap(made.pool), schema: made.schema, ...options.outbox });
  return { ...made, evt, outbox };
}

/** An order as an application enqueues it. Equal numbers give equal orders. */
export const order = (n: number, amount = "1") => ({
  clientId: "shop",
  metric: "order",
  amount,
  timestamp: "2026-03-01T12:00:00Z",
  idempotencyKey: `order ${n}`,
});

export const orders = (count: number, from = 0) => Array.from({ length: count }, (_, n) => order(from + n));

/** Runs `work` in a transaction on a new connection, then ends the transaction with `end`. */
export async function transaction(
  { admin }: Fixture,
  work: (client: pg.PoolClient) => Promise<unknown>,
  end: "commit" | "rollback" = "commit",
): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query("begin");
    await work(client);
    await client.query(end);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Returns the number of committed rows. */
export async function waiting({ admin, schema }: Fixture): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(`select count(*)::int from ${schema}.outbox`);
  return rows[0]?.count ?? 0;
}

/**
 * Waits until no session locks rows. A relay that fails closes its connection, and the session ends a moment later.
 */
export function unlocked({ admin, schema }: Pick<Fixture, "admin" | "schema">): Promise<void> {
  const locks = "select from pg_locks where relation = $1::regclass";
  return until(admin, `select where not exists (${locks})`, [`${schema}.outbox`]);
}

/** Checks that `count` events are stored with distinct identities, and that their totals equal the fold over them. */
export async function expectCounted(made: OutboxFixture, count: number, tenantId = TENANT): Promise<void> {
  const { admin, schema, evt } = made;
  const { rows: stored } = await admin.query(
    `select count(*)::int, count(distinct coalesce(identity, id))::int as identities
       from ${schema}.event where tenant_id = $1`,
    [tenantId],
  );
  expect(stored).toEqual([{ count, identities: count }]);
  const { rows } = await evt.tenant(tenantId).aggregate();
  expect(rows[0]?.count).toBe(count);
  const range = { from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" };
  expect((await recount(admin, { schema, ...range })).differences).toEqual([]);
}

export const NOTHING = { counted: 0, duplicates: 0, conflicts: 0, rejected: 0, unreadable: 0 };
