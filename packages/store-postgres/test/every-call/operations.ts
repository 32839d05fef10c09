import type { EventRecord } from "@evt/core";
import type { StoreCall } from "@evt/core/store";
import { DecimalFold, type InsertOutcome } from "@evt/core/store";
import {
  checkDurability,
  forgetParked,
  maintain,
  migrate,
  type PgPool,
  PostgresStore,
  recount,
  retain,
} from "@evt/store-postgres";
import type { Fixture } from "../fixture.js";
import { again, failureOf, patient, recordOf } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";

/** An operation on the database, and the facts that must be true if one of its calls is disturbed. */
export interface Operation {
  readonly name: string;
  /**
   * Default: a schema that all runs share. `emptied`: a schema without rows of other runs. `changed`: a schema that all
   * runs share, and that is dropped after them because the operation changes its tables.
   */
  readonly schema?: "emptied" | "changed";
  /** Prepares one run, which has its own tenant or schema. */
  prepare(made: Fixture, tenantId: string): Promise<Trial>;
}

export interface Trial {
  /** Runs the operation over a pool. */
  run(pool: PgPool, call: StoreCall): Promise<unknown>;
  /** Returns true if the result is correct. */
  isTrue(result: unknown): boolean;
  /** Returns true if everything is correct after a retry over an undisturbed pool. */
  isWhole(result: unknown): Promise<boolean>;
  /** True if a wrong result without rows looks like a correct one. */
  readonly mayBeEmpty?: boolean;
}

const LAPSING = {
  lapsesAt: "2026-03-01T12:05:00.000Z",
  identifiedBy: "window",
  idempotencyKey: null,
} as const;

function storeOver({ schema }: Fixture, pool: PgPool): PostgresStore {
  return new PostgresStore({ pool, schema, foldEvery: 0 });
}

/** Returns true if each of the tenant's `claims` has one event, and the totals equal the fold over the events. */
async function isConsistent(
  { admin, schema, store }: Fixture,
  tenantId: string,
  events: number,
): Promise<boolean> {
  const { rows } = await admin.query(
    `select amount::text, (select count(*)::int from ${schema}.claim where tenant_id = $1) as claims
       from ${schema}.event where tenant_id = $1`,
    [tenantId],
  );
  const fold = new DecimalFold();
  for (const { amount } of rows) fold.add(amount);
  const query = { tenantId, byClientId: false, byMetric: false, limit: 2 };
  const [total] = await store.aggregate(query, patient());
  return (
    rows.length === events && rows[0]?.claims === events && total?.count === events && total.sum === fold.sum
  );
}

/** Returns true if each record holds its own identity: it was inserted now or by an earlier attempt. */
const isOwn = (
  records: readonly EventRecord[],
  outcomes: readonly InsertOutcome[],
  taken: ReadonlySet<EventRecord>,
) =>
  outcomes.length === records.length &&
  records.every((record, i) => {
    const outcome = outcomes[i];
    if (outcome?.outcome === "inserted") return !taken.has(record);
    const own = outcome?.claim.receiptId === record.receiptId;
    return outcome !== undefined && own !== taken.has(record);
  });

function insertOf(name: string, given: Partial<EventRecord>): Operation {
  return {
    name,
    async prepare(made, tenantId) {
      const about = { tenantId, ...given };
      const held = recordOf(about);
      await made.store.insert([held], patient());
      const fresh = [recordOf({ ...about, amount: "0.1" }), recordOf({ ...about, amount: "2" })];
      const records = [...fresh, again(held), again(fresh[0] as EventRecord)];
      const taken = new Set(records.slice(2));
      const isTrue = (result: unknown) => isOwn(records, result as readonly InsertOutcome[], taken);
      return {
        run: (pool, call) => storeOver(made, pool).insert(records, call),
        isTrue,
        isWhole: async (result) => isTrue(result) && (await isConsistent(made, tenantId, 3)),
      };
    },
  };
}

/** Inserts records of which none is held yet, or all are. */
function insertOfAll(name: string, held: boolean, given: Partial<EventRecord> = {}): Operation {
  return {
    name,
    async prepare(made, tenantId) {
      const first = [1, 2].map(() => recordOf({ tenantId, ...given }));
      if (held) await made.store.insert(first, patient());
      const records = held ? first.map((record) => again(record)) : first;
      const taken = new Set(held ? records : []);
      const isTrue = (result: unknown) => isOwn(records, result as readonly InsertOutcome[], taken);
      return {
        run: (pool, call) => storeOver(made, pool).insert(records, call),
        isTrue,
        isWhole: async (result) => isTrue(result) && (await isConsistent(made, tenantId, 2)),
      };
    },
  };
}

/** A query whose result is known in advance. */
function questionOf(
  name: string,
  ask: (store: PostgresStore, record: EventRecord, call: StoreCall) => Promise<unknown>,
): Operation {
  return {
    name,
    async prepare(made, tenantId) {
      const record = recordOf({ tenantId });
      await made.store.insert([record], patient());
      await made.store.park([failureOf(recordOf({ tenantId }), { status: "rejected" })], patient());
      const truth = JSON.stringify(await ask(made.store, record, patient()));
      const isTrue = (result: unknown) => JSON.stringify(result) === truth;
      return {
        run: (pool, call) => ask(storeOver(made, pool), record, call),
        isTrue,
        isWhole: async (result) => isTrue(result),
        mayBeEmpty: true,
      };
    },
  };
}

const park: Operation = {
  name: "park",
  async prepare(made, tenantId) {
    const events = [1, 2].map(() => failureOf(recordOf({ tenantId })));
    return {
      run: (pool, call) => storeOver(made, pool).park(events, call),
      isTrue: () => true,
      isWhole: async () => {
        const kept = await made.store.get(
          tenantId,
          events.map(({ id }) => id),
          patient(),
        );
        return kept.every((entry) => entry?.status === "failed" && entry.attempts <= 2);
      },
      mayBeEmpty: true,
    };
  },
};

const replay: Operation = {
  name: "replay",
  async prepare(made, tenantId) {
    const [one, other] = [1, 2].map(() => failureOf(recordOf({ tenantId }), { status: "rejected" as const }));
    const held = recordOf({ tenantId });
    await made.store.insert([held], patient());
    if (one === undefined || other === undefined) throw new Error("expected two events");
    await made.store.park([one, other], patient());
    const record = recordOf({ tenantId, ...LAPSING });
    const replays = [
      { parkedId: one.id, record },
      { parkedId: other.id, record: again(held) },
    ];
    const isTrue = (result: unknown) => {
      const [first, second] = result as Awaited<ReturnType<PostgresStore["replay"]>>;
      const own = first?.outcome === "settled" && first.attempt?.replayId === record.receiptId;
      return (first?.outcome === "inserted" || own) && second?.outcome === "taken";
    };
    return {
      run: (pool, call) => storeOver(made, pool).replay(replays, call),
      isTrue,
      isWhole: async (result) => isTrue(result) && (await isConsistent(made, tenantId, 2)),
    };
  },
};

const note: Operation = {
  name: "note",
  async prepare(made, tenantId) {
    const event = failureOf(recordOf({ tenantId }), { status: "rejected" });
    await made.store.park([event], patient());
    const about = { parkedId: event.id, at: event.receivedAt, eventId: null, reasons: [] };
    const attempt = { ...about, replayId: "ab".repeat(16), outcome: "duplicate" as const };
    return {
      run: (pool, call) => storeOver(made, pool).note(tenantId, [attempt], call),
      isTrue: () => true,
      isWhole: async () => {
        const history = await made.store.history(tenantId, event.id, patient());
        const [entry] = await made.store.get(tenantId, [event.id], patient());
        return history.length === 1 && entry?.status === "rejected" && entry.resolvedAt !== null;
      },
      mayBeEmpty: true,
    };
  },
};

/** Operations over a pool that waits without a limit, with events in a past month. */
function upkeepOf(
  name: string,
  work: (pool: PgPool, made: Fixture) => Promise<unknown>,
  expected: { readonly events: number; readonly pruned?: boolean },
): Operation {
  return {
    name,
    schema: "emptied",
    async prepare(made, tenantId) {
      const records = [recordOf({ tenantId, amount: "0.5" }), recordOf({ tenantId, amount: "0.25" })];
      await made.store.insert(records, patient());
      await made.store.park([failureOf(records[0] as EventRecord)], patient());
      await arrivedLongAgo(made);
      return {
        run: (pool) => work(pool, made),
        // NaN is not a count, and JSON prints it as null
        isTrue: (result) => !JSON.stringify(result, withoutNulls).includes("null"),
        isWhole: async () => {
          const query = { tenantId, byClientId: false, byMetric: false, limit: 2 };
          const [total] = await made.store.aggregate(query, patient());
          const [left] = (
            await made.admin.query(
              `select count(*)::int as events from ${made.schema}.event where tenant_id = $1`,
              [tenantId],
            )
          ).rows;
          const resent = await made.store.insert(
            records.map((record) => again(record)),
            patient(),
          );
          return (
            total?.count === 2 &&
            total.sum === "0.75" &&
            left.events === expected.events &&
            resent.every(({ outcome }) => outcome === "taken")
          );
        },
      };
    },
  };
}

/** A total over all clients, or of events without a unit, has `null` as the name. Without tallies, `oldestMs` is null. */
function withoutNulls(key: string, value: unknown): unknown {
  return ["clientId", "metric", "unit", "oldestMs"].includes(key) && value === null ? undefined : value;
}

/** An unlogged table always causes a warning. */
const checkingDurability: Operation = {
  name: "checkDurability",
  schema: "changed",
  async prepare({ admin, schema }) {
    await admin.query(`alter table ${schema}.late_arrival set unlogged`);
    const truth = JSON.stringify(await checkDurability(admin, { schema }));
    const isTrue = (result: unknown) => JSON.stringify(result) === truth;
    return {
      run: (pool) => checkDurability(pool, { schema }),
      isTrue,
      isWhole: async (result) => isTrue(result),
      mayBeEmpty: true,
    };
  },
};

/** Creates a schema for each run. */
const migrating: Operation = {
  name: "migrate",
  async prepare({ admin }, tenantId) {
    const schema = tenantId;
    return {
      run: (pool) => migrate(pool, { schema, monthsAhead: 1, lockTimeoutMs: 100 }),
      isTrue: () => true,
      isWhole: async () => {
        const { rows } = await admin.query(`select count(*)::int as steps from ${schema}.migration`);
        const store = new PostgresStore({ pool: admin, schema });
        await store.ping(patient());
        const outcomes = await store.insert([recordOf()], patient());
        await store.close();
        await admin.query(`drop schema ${schema} cascade`);
        return rows[0].steps >= 2 && outcomes[0]?.outcome === "inserted";
      },
      mayBeEmpty: true,
    };
  },
};

export const OPERATIONS: readonly Operation[] = [
  insertOf("insert", {}),
  insertOfAll("insert of fresh records", false),
  insertOfAll("insert of taken records", true),
  insertOf("insert of lapsing claims", LAPSING),
  {
    ...insertOfAll("insert into a month without a partition", false, {
      receivedAt: "2031-05-01T00:00:00.000Z",
    }),
    schema: "emptied",
  },
  park,
  replay,
  note,
  questionOf("holders", (store, record, call) => store.holders([again(record, { amount: "9" })], call)),
  questionOf("get", (store, { tenantId, id }, call) => store.get(tenantId, [id], call)),
  questionOf("list", (store, { tenantId }, call) =>
    store.list({ tenantId, statuses: ["processed", "rejected"], limit: 10 }, call),
  ),
  questionOf("aggregate", (store, { tenantId }, call) =>
    store.aggregate({ tenantId, byClientId: true, byMetric: true, limit: 10 }, call),
  ),
  questionOf("names", (store, { tenantId }, call) =>
    store.names({ tenantId, of: "clientId", limit: 10 }, call),
  ),
  questionOf("reasons", (store, { tenantId }, call) =>
    store.reasons({ tenantId, statuses: ["rejected"], limit: 10 }, call),
  ),
  questionOf("history", (store, { tenantId, id }, call) => store.history(tenantId, id, call)),
  // other tests of the schema change the numbers
  questionOf("foldingState", async (store, _, call) =>
    Number.isInteger((await store.foldingState({ signal: call.signal })).cells),
  ),
  questionOf("ping", (store, _, call) => store.ping(call)),
  migrating,
  upkeepOf("maintain", (pool, { schema }) => maintain(pool, { schema, monthsAhead: 2 }), { events: 2 }),
  upkeepOf("recount", (pool, { schema }) => recount(pool, { schema, from: "2020-01-01", to: "2030-01-01" }), {
    events: 2,
  }),
  upkeepOf(
    "recount with repair",
    async (pool, { schema, admin }) => {
      await maintain(admin, { schema });
      await admin.query(`update ${schema}.day_total set sum = sum + 1`);
      return recount(pool, { schema, from: "2020-01-01", to: "2030-01-01", repair: true });
    },
    { events: 2 },
  ),
  checkingDurability,
  upkeepOf("retain", (pool, { schema }) => retain(pool, { schema, before: "2026-04-01T00:00:00Z" }), {
    events: 0,
  }),
  upkeepOf(
    "forgetParked",
    (pool, { schema }) => forgetParked(pool, { schema, before: "2026-04-01T00:00:00Z", includeOpen: true }),
    { events: 2 },
  ),
];
