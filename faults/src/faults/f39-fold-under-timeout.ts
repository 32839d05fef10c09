import { setTimeout as sleep } from "node:timers/promises";
import { createEvt, type Evt } from "@evt/core";
import { DecimalFold } from "@evt/core/store";
import { maintain, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { newEvents, type SentEvent } from "../history/sent-event.js";
import type { Rig } from "../rig/rig.js";
import { type FaultRound, underTraffic } from "../rig/under-traffic.js";

/** Much shorter than the time to fold a burst. */
const STATEMENT_TIMEOUT_MS = 1_000;
const BATCH = 500;
/** More totals than may be unfolded while folding works. */
const BATCHES = 110;
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Every fold fails for this long. */
const BROKEN_MS = 3_000;
/** The time limit for folding a burst. */
const FOLDED_WITHIN_MS = 120_000;

export const foldUnderTimeout: Fault = {
  name: "F39",
  title:
    "a burst of totals is folded with a short statement_timeout, and after every fold has failed for a while",
  rounds: { full: 3, short: 1 },
  run: (context) =>
    underTraffic(context, {
      pool: { statement_timeout: STATEMENT_TIMEOUT_MS },
      fault: async (round) => {
        const pool = new pg.Pool({
          connectionString: round.rig.database.url,
          statement_timeout: STATEMENT_TIMEOUT_MS,
          max: 6,
        });
        // when the database stops, closing connections may get an error
        pool.on("error", () => undefined);
        const errors: unknown[] = [];
        const store = new PostgresStore({
          pool,
          foldEvery: 64,
          onUpkeepError: (error) => errors.push(error),
        });
        const evt = createEvt({ store });
        try {
          await burst(round, evt, pool, errors);
        } finally {
          await evt.close();
          await pool.end();
        }
        return null;
      },
    }),
};

async function burst(
  { rig, tally, round }: FaultRound,
  evt: Evt,
  pool: pg.Pool,
  errors: readonly unknown[],
): Promise<void> {
  const tenantId = `burst ${round}`;
  const left = async () => {
    const [row] = await rig.admin("select count(*)::int as tallies from evt.tally where tenant_id = $1", [
      tenantId,
    ]);
    return Number(row?.["tallies"]);
  };
  await breakFolds(rig);
  const expected = new DecimalFold();
  for (let batch = 0; batch < BATCHES; batch++) {
    const events = wide(tenantId, batch);
    for (const { amount } of events) expected.add(amount);
    await untilCounted(evt, tenantId, events);
  }
  await sleep(BROKEN_MS);
  // on a busy machine the first fold may begin later
  for (
    const broken = performance.now();
    errors.length === 0 && performance.now() - broken < FOLDED_WITHIN_MS;
  )
    await sleep(50);
  tally.expect((await left()) === BATCHES, "a burst was folded although every fold failed");
  tally.expect(errors.length > 0, "no failure was reported although every fold failed");
  await isExact({ rig, tally }, tenantId, expected);
  await repairFolds(rig);
  const began = performance.now();
  // in every second round, only the store folds
  const maintaining = round % 2 === 0 ? maintain(pool) : undefined;
  while ((await left()) > 0 && performance.now() - began < FOLDED_WITHIN_MS) {
    await isExact({ rig, tally }, tenantId, expected);
    await sleep(100);
  }
  await maintaining;
  const ms = performance.now() - began;
  tally.expect((await left()) === 0, `a burst was not folded within ${FOLDED_WITHIN_MS} ms`);
  const isRead = await isExact({ rig, tally }, tenantId, expected);
  tally.expect(isRead, "the total of a folded burst could not be read");
  const by = maintaining === undefined ? "the store" : "maintain";
  tally.notes.push(
    `${by} folded ${BATCHES * BATCH} totals in ${(ms / 1_000).toFixed(1)} s during traffic, after ${errors.length} failures`,
  );
  // these events are in no history, so the check after the rounds must not find them
  await rig.admin("delete from evt.event where tenant_id = $1", [tenantId]);
}

/** Creates events of a sparse load: each has a client of its own, and its day is one of a month. */
function wide(tenantId: string, batch: number): SentEvent[] {
  return newEvents(BATCH, tenantId).map((event, i) => ({
    ...event,
    clientId: `client ${batch * BATCH + i}`,
    timestamp: new Date(Date.parse(event.timestamp) + (i % DAYS) * DAY_MS).toISOString(),
  }));
}

async function untilCounted(evt: Evt, tenantId: string, events: readonly SentEvent[]): Promise<void> {
  for (;;) {
    const { outcomes } = await evt.tenant(tenantId).ingestMany(events);
    if (outcomes.every(({ outcome }) => outcome === "processed" || outcome === "duplicate")) return;
  }
}

/** Makes every fold fail as if its statement were cancelled. */
async function breakFolds(rig: Rig): Promise<void> {
  await rig.admin(`create or replace function evt.broken() returns trigger language plpgsql as $function$
    begin raise exception 'folds are broken' using errcode = 'query_canceled'; end $function$`);
  await rig.admin("create trigger broken before insert on evt.day_total execute function evt.broken()");
}

const repairFolds = (rig: Rig) => rig.admin("drop trigger broken on evt.day_total");

/** Expects that the total is exact. Returns false if it could not be read. */
async function isExact(
  { rig, tally }: Pick<FaultRound, "rig" | "tally">,
  tenantId: string,
  { count, sum }: DecimalFold,
): Promise<boolean> {
  const response = await fetch(`${rig.server.url}/api/aggregation`, { headers: { "X-Tenant": tenantId } });
  // a query of many tallies may exceed the statement_timeout; a failed query is not a wrong total
  if (!response.ok) {
    await response.body?.cancel();
    return false;
  }
  const { rows } = (await response.json()) as { readonly rows: readonly { count: number; sum: string }[] };
  const [total] = rows;
  tally.expect(
    total?.count === count && total.sum === sum,
    `the total of ${tenantId} is ${total?.count}: ${total?.sum}, but must be ${count}: ${sum}`,
  );
  return true;
}
