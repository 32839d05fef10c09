import { createEvt, type Evt } from "@evt/core";
import { measuredApart } from "@evt/programs";
import { maintain, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { makeFresh, withPool } from "../database/fresh-schema.js";
import {
  ANSWERS_A_SECOND,
  type Contest,
  EVENTS_A_SECOND,
  MEGABYTES,
  type Measure,
  type Prepared,
  rowsOf,
  type Setting,
} from "../harness/contest.js";
import { readFlights } from "../load/flights.js";
import { TENANT } from "../load/load.js";
import { meteredRoutes } from "../load/metering-load.js";
import type { IngestIntoRequest } from "./ingest-into.js";
import { firstPage, pageNumber } from "./pages.js";
import { STORED_DAYS, storedEvents } from "./stored-events.js";
import type { StreamRequest } from "./stream-memory.js";
import { askedOfEvents, askedOfEvt, dailyOf, EVERYTHING } from "./totals.js";

/** Three schemas: one with ten million events, one with few events, and one that is empty before each measurement. */
const LARGE = "large";
const SMALL = "small";
const EMPTY = "fresh";

const WHOLE = {
  stored: 10_000_000,
  few: 10_000,
  streamed: 1_000_000,
  batches: 120,
  warmUpBatches: 40,
  page: 1_000,
};
const QUICK = {
  stored: 500_000,
  few: 10_000,
  streamed: 200_000,
  batches: 80,
  warmUpBatches: 40,
  page: 1_000,
};
/** The rows that do not need stored events. */
const ON_EMPTY_TABLES = [
  "ingest, nothing stored",
  "ingest, nothing stored, two processes",
  "ingestStream of a million, peak memory",
];
const CALLERS = 4;
/** Not a multiple of the 50 ms between a load's events. */
const LOADS_APART_MS = 13;
const DAY_MS = 86_400_000;
const ROUNDS = 5;

const INGEST_INTO = new URL("./ingest-into.ts", import.meta.url);
const STREAM_MEMORY = new URL("./stream-memory.ts", import.meta.url);

const events = rowsOf(EVENTS_A_SECOND);
const answers = rowsOf(ANSWERS_A_SECOND);
const megabytes = rowsOf(MEGABYTES);

/** Measures how the speed changes with ten million stored events. */
export const tenMillion: Contest = {
  maxRounds: ROUNDS,
  rows: [
    events("ingest, nothing stored"),
    events("ingest, nothing stored, two processes", { against: "ingest, nothing stored", bar: null }),
    events("ingest, 10 million stored", { against: "ingest, nothing stored", bar: 0.8 }),
    events("ingest, 10 million stored, random keys", { against: "ingest, nothing stored", bar: null }),
    answers("all events, by client and metric"),
    answers("totals of 10 thousand, by client and metric"),
    answers(
      "totals of 10 million, by client and metric",
      { against: "all events, by client and metric", bar: 200 },
      { against: "totals of 10 thousand, by client and metric", bar: null },
    ),
    answers("a client's events of a year, by day"),
    answers("a client's totals of a year, by day", {
      against: "a client's events of a year, by day",
      bar: 50,
    }),
    answers("page 1 of the list"),
    answers("page 1,000 of the list", { against: "page 1 of the list", bar: 0.5 }),
    megabytes("ingestStream of a million, peak memory", { against: null, bar: 200 }),
  ],
  prepare: async (setting, wanted) => {
    const pool = new pg.Pool({ connectionString: setting.url, max: 10 });
    pool.on("error", () => undefined);
    const close = () => pool.end();
    try {
      return await prepared(setting, wanted, pool, close);
    } catch (error) {
      await close();
      throw error;
    }
  },
};

async function prepared(
  setting: Setting,
  wanted: ReadonlySet<string>,
  pool: pg.Pool,
  close: () => Promise<void>,
): Promise<Prepared> {
  const size = setting.quick ? QUICK : WHOLE;
  const endMs = Date.now();
  if ([...wanted].some((row) => !ON_EMPTY_TABLES.includes(row))) {
    await seed(pool, SMALL, size.few, endMs, setting);
    await seed(pool, LARGE, size.stored, endMs, setting);
  }
  const large = evtIn(pool, LARGE).tenant(TENANT);
  const small = evtIn(pool, SMALL).tenant(TENANT);
  const [busiest] = meteredRoutes(await readFlights());
  const day = (days: number, ms: number) => new Date(endMs - days * DAY_MS + ms);
  const daily = dailyOf(String(busiest?.origin), day(STORED_DAYS - 10, 433_123), day(25, -77_777));
  const ingest = ingestion(setting, size);
  const measures = new Map<string, Measure>([
    ["ingest, nothing stored", () => ingest(EMPTY, "rising")],
    ["ingest, nothing stored, two processes", () => ingest(EMPTY, "rising", 2)],
    ["ingest, 10 million stored", () => ingest(LARGE, "rising")],
    ["ingest, 10 million stored, random keys", () => ingest(LARGE, "random")],
    ["all events, by client and metric", askedOfEvents(pool, LARGE, EVERYTHING, large)],
    ["totals of 10 thousand, by client and metric", askedOfEvt(small, EVERYTHING)],
    ["totals of 10 million, by client and metric", askedOfEvt(large, EVERYTHING)],
    ["a client's events of a year, by day", askedOfEvents(pool, LARGE, daily, large)],
    ["a client's totals of a year, by day", askedOfEvt(large, daily)],
    ["page 1 of the list", firstPage(large)],
    ["ingestStream of a million, peak memory", streaming(setting, size.streamed, endMs)],
  ]);
  if (wanted.has("page 1,000 of the list"))
    measures.set("page 1,000 of the list", await pageNumber(large, size.page));
  return { measures, dispose: close };
}

function evtIn(pool: pg.Pool, schema: string): Evt {
  return createEvt({ store: new PostgresStore({ pool, schema }), timeoutMs: 60_000 });
}

async function seed(
  pool: pg.Pool,
  schema: string,
  count: number,
  endMs: number,
  { onProgress }: Setting,
): Promise<void> {
  await makeFresh(pool, schema);
  const start = performance.now();
  let reported = 0;
  const report = (stored: number) => {
    const seconds = Math.round((performance.now() - start) / 1_000);
    onProgress(`${stored.toLocaleString("en-US")} events stored in ${seconds} s`);
  };
  const evt = evtIn(pool, schema);
  const events = storedEvents(await readFlights(), count, endMs);
  const { processed } = await evt.tenant(TENANT).ingestStream(events, {
    onProgress: (progress) => {
      if (progress.events < reported + count / 10) return;
      reported = progress.events;
      report(reported);
    },
  });
  if (processed !== count) throw new Error(`${count} events should be stored, but ${processed} were`);
  await evt.close();
  // a service also runs `maintain` from time to time; without the vacuum, autovacuum could run during a round
  await maintain(pool, { schema });
  await pool.query(`vacuum (analyze) ${schema}.event, ${schema}.claim, ${schema}.day_total, ${schema}.tally`);
  await pool.query("checkpoint");
}

function ingestion({ url }: Setting, { batches, warmUpBatches }: typeof WHOLE) {
  let loads = 0;
  const one = (schema: string, keys: IngestIntoRequest["keys"]): Promise<number> => {
    const name = `load-${++loads}`;
    // different times for each load, because the same times would create the same events
    const endMs = Date.now() + loads * LOADS_APART_MS;
    return measuredApart<number>(INGEST_INTO, {
      ...{ url, schema, batches, warmUpBatches, callers: CALLERS, keys, name, endMs },
    } satisfies IngestIntoRequest);
  };
  /** Returns the rate of all processes together. */
  return async (schema: string, keys: IngestIntoRequest["keys"], processes = 1): Promise<number> => {
    if (schema === EMPTY) await withPool(url, 1, (pool) => makeFresh(pool, EMPTY));
    else await withPool(url, 1, (pool) => pool.query("checkpoint"));
    const rates = await Promise.all(Array.from({ length: processes }, () => one(schema, keys)));
    return rates.reduce((sum, rate) => sum + rate, 0);
  };
}

function streaming({ url }: Setting, count: number, endMs: number): Measure {
  return async () => {
    await withPool(url, 1, (pool) => makeFresh(pool, EMPTY));
    return measuredApart<number>(STREAM_MEMORY, {
      ...{ url, schema: EMPTY, events: count, endMs },
    } satisfies StreamRequest);
  };
}
