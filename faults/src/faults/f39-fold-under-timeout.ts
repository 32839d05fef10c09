import { setTimeout as sleep } from "node:timers/promises";
import { createEvt, type Evt, type EvtTenant } from "@evt/core";
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
/** The load after the burst, until folds are repaired. */
const LATER_BATCH = 50;
const LATER_PAUSE_MS = 100;
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Every fold fails for this long in a round. */
const ROUND_MS = 6_000;
/** In the second part, every fold fails for this long. */
const SHORTLY_MS = 3_000;
/** A failed fold is tried again after at most this time. */
const LONGEST_PAUSE_MS = 60_000;
/** The least number of totals that must be folded in a second, with concurrent traffic. */
const LEAST_PER_SECOND = 1_500;
const MARGIN_MS = 30_000;
/** An insert may take at most this long while folds fail. */
const INSERT_MS = 10_000;

/** Returns the time limit for folding so many totals, from the repair on. */
const boundMs = (totals: number) => LONGEST_PAUSE_MS + MARGIN_MS + (totals / LEAST_PER_SECOND) * 1_000;

export const foldUnderTimeout: Fault = {
  name: "F39",
  title: "every fold fails for six seconds a round, under a sparse load and with a short statement_timeout",
  rounds: { full: 10, short: 1 },
  run: (context) =>
    // all rounds are one failure, which ends once; a full run then has a short failure that `maintain` ends
    underTraffic(
      { ...context, rounds: context.rounds > 1 ? 2 : 1 },
      {
        pool: { statement_timeout: STATEMENT_TIMEOUT_MS },
        fault: async (part) => {
          await withStore(part, part.round === 0 ? context.rounds * ROUND_MS : SHORTLY_MS);
          return null;
        },
      },
    ),
};

async function withStore(part: FaultRound, brokenMs: number): Promise<void> {
  const pool = new pg.Pool({
    connectionString: part.rig.database.url,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    max: 6,
  });
  // when the database stops, closing connections may get an error
  pool.on("error", () => undefined);
  const store = new PostgresStore({ pool, foldEvery: 64, onUpkeepError: () => undefined });
  const evt = createEvt({ store });
  try {
    await new Failure(part, store, evt).run(pool, brokenMs);
  } finally {
    await evt.close();
    await pool.end();
  }
}

/** A load during which every fold fails, and the time until it is folded. */
class Failure {
  readonly #part: FaultRound;
  readonly #store: PostgresStore;
  readonly #events: EvtTenant;
  readonly #tenantId: string;
  readonly #expected = new DecimalFold();
  readonly #reads = { exact: 0, late: 0 };
  #batches = 0;
  #slowestMs = 0;

  constructor(part: FaultRound, store: PostgresStore, evt: Evt) {
    this.#part = part;
    this.#store = store;
    this.#tenantId = `burst ${part.round}`;
    this.#events = evt.tenant(this.#tenantId);
  }

  async run(pool: pg.Pool, brokenMs: number): Promise<void> {
    const { rig, tally, round } = this.#part;
    await breakFolds(rig);
    await this.#load(brokenMs);
    const { failures, error, delaysInserts } = await this.#store.foldingState();
    tally.expect(failures > 0 && error !== null, "no failure was reported although every fold failed");
    tally.expect(!delaysInserts, "inserts are delayed although every fold fails");
    tally.expect(this.#slowestMs < INSERT_MS, `an insert took ${Math.round(this.#slowestMs)} ms`);
    await this.#readExact();
    const totals = await unfoldedTotals(rig);
    const ms = await this.#untilFolded(round === 0 ? undefined : pool, boundMs(totals));
    const isRead = await this.#readExact();
    tally.expect(isRead, "the total of a folded burst could not be read");
    const { exact, late } = this.#reads;
    tally.notes.push(
      `every fold failed for ${brokenMs / 1_000} s (${failures} times); the slowest insert took ${Math.round(this.#slowestMs)} ms; ` +
        `${exact} totals were exact, and ${late} were not read in time`,
      `${round === 0 ? "the store" : "maintain"} folded ${totals} totals within ${(ms / 1_000).toFixed(1)} s during traffic`,
    );
    // these events are in no history, so the check after the rounds must not find them
    await rig.admin("delete from evt.event where tenant_id = $1", [this.#tenantId]);
  }

  /** Sends a burst, and then a steady load until the time has passed. */
  async #load(ms: number): Promise<void> {
    const { rig, tally } = this.#part;
    for (let batch = 0; batch < BATCHES; batch++) await this.#send(BATCH);
    const began = performance.now();
    const elapsed = () => performance.now() - began;
    // on a busy machine, the first fold may begin late
    const isOver = async () => elapsed() > ms && ((await this.#hasFailed()) || elapsed() > ms + MARGIN_MS);
    for (let readAt = 0; !(await isOver()); ) {
      await this.#send(LATER_BATCH);
      if (performance.now() - readAt > 1_000) {
        await this.#readExact();
        readAt = performance.now();
      }
      await sleep(LATER_PAUSE_MS);
    }
    const own = await rig.admin("select from evt.tally where tenant_id = $1", [this.#tenantId]);
    tally.expect(own.length === this.#batches, "tallies were folded although every fold failed");
  }

  async #hasFailed(): Promise<boolean> {
    return (await this.#store.foldingState()).failures > 0;
  }

  async #send(size: number): Promise<void> {
    const events = wide(this.#tenantId, this.#batches++, size);
    for (const { amount } of events) this.#expected.add(amount);
    const began = performance.now();
    for (;;) {
      const { outcomes } = await this.#events.ingestMany(events);
      if (outcomes.every(({ outcome }) => outcome === "processed" || outcome === "duplicate")) break;
    }
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - began);
  }

  /**
   * Repairs folds, and waits until every tally of before is folded. `maintain` folds over the pool, if there is one.
   * Returns the milliseconds.
   */
  async #untilFolded(pool: pg.Pool | undefined, limitMs: number): Promise<number> {
    const { rig, tally } = this.#part;
    await repairFolds(rig);
    const [repaired] = await rig.admin("select now()::text as at");
    const left = async () => {
      const older = await rig.admin("select count(*)::int as tallies from evt.tally where inserted_at < $1", [
        repaired?.["at"],
      ]);
      return Number(older[0]?.["tallies"]);
    };
    const began = performance.now();
    const elapsed = () => performance.now() - began;
    const maintaining = pool && maintain(pool);
    while ((await left()) > 0 && elapsed() < limitMs) {
      await this.#readExact();
      await sleep(100);
    }
    await maintaining;
    const ms = elapsed();
    const rest = await left();
    tally.expect(rest === 0, `${rest} tallies were not folded within ${Math.round(limitMs)} ms`);
    return ms;
  }

  /** Expects that the total is exact. Returns false if it could not be read. */
  async #readExact(): Promise<boolean> {
    const { rig, tally } = this.#part;
    const { count, sum } = this.#expected;
    const response = await fetch(`${rig.server.url}/api/aggregation`, {
      headers: { "X-Tenant": this.#tenantId },
    });
    // a query of many tallies may exceed the statement_timeout; a failed query is not a wrong total
    if (!response.ok) {
      this.#reads.late++;
      await response.body?.cancel();
      return false;
    }
    this.#reads.exact++;
    const { rows } = (await response.json()) as {
      readonly rows: readonly { count: number; sum: string }[];
    };
    const [total] = rows;
    tally.expect(
      total?.count === count && total.sum === sum,
      `the total of ${this.#tenantId} is ${total?.count}: ${total?.sum}, but must be ${count}: ${sum}`,
    );
    return true;
  }
}

/** Creates events of a sparse load: each has a client of its own, and its day is one of a month. */
function wide(tenantId: string, batch: number, size: number): SentEvent[] {
  return newEvents(size, tenantId).map((event, i) => ({
    ...event,
    clientId: `client ${batch * BATCH + i}`,
    timestamp: new Date(Date.parse(event.timestamp) + (i % DAYS) * DAY_MS).toISOString(),
  }));
}

/** Makes every fold fail as if its statement were cancelled. */
async function breakFolds(rig: Rig): Promise<void> {
  await rig.admin(`create or replace function evt.broken() returns trigger language plpgsql as $function$
    begin raise exception 'folds are broken' using errcode = 'query_canceled'; end $function$`);
  await rig.admin("create trigger broken before insert on evt.day_total execute function evt.broken()");
}

/** Returns the number of unfolded totals of all tenants. */
async function unfoldedTotals(rig: Rig): Promise<number> {
  const [row] = await rig.admin("select sum(cardinality(counts))::int as totals from evt.tally");
  return Number(row?.["totals"]);
}

const repairFolds = (rig: Rig) => rig.admin("drop trigger broken on evt.day_total");
