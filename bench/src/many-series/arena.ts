import { createEvt, type EvtTenant } from "@evt/core";
import { maintain, PostgresStore } from "@evt/store-postgres";
import type { Pool } from "pg";
import { makeFresh } from "../database/fresh-schema.js";
import type { Setting } from "../harness/contest.js";
import { BATCH_SIZE, TENANT } from "../load/load.js";
import type { ManySeriesLoad } from "../load/many-series.js";
import { ingestApart } from "./ingest-apart.js";
import type { IngestLoadRequest } from "./ingest-load.js";
import type { Months, Range } from "./months.js";
import type { Size } from "./sizes.js";

/** The schemas of the contest. The first is empty before each measurement. */
export const EMPTY = "many_empty";
/** Sparse events of a month. */
export const STORED = "many_stored";
/** Scattered events of a year. */
export const YEAR = "many_year";
/** A copy of the events of {@link STORED}, for SQL over the events. */
export const COPY = "many_copy";

/** As many callers as in the row `ingest`. */
export const CALLERS = 4;

/** The input that all rows of the contest have in common. */
export interface Arena {
  readonly setting: Setting;
  readonly size: Size;
  readonly months: Months;
  readonly pool: Pool;
  /** Returns evt in a schema, the same each time. */
  readonly tenantIn: (schema: string) => EvtTenant;
}

export function arenaOf(setting: Setting, size: Size, months: Months, pool: Pool): Arena {
  const tenants = new Map<string, EvtTenant>();
  const tenantIn = (schema: string) => {
    const tenant = tenants.get(schema) ?? newTenant(pool, schema);
    tenants.set(schema, tenant);
    return tenant;
  };
  return { setting, size, months, pool, tenantIn };
}

function newTenant(pool: Pool, schema: string): EvtTenant {
  const store = new PostgresStore({ pool, schema });
  return createEvt({ store, timeoutMs: 60_000 }).tenant(TENANT);
}

let loads = 0;

/** Returns a load with events that no other load has. */
export function newLoad(
  order: ManySeriesLoad["order"],
  range: Range,
  count: number,
  further: Pick<ManySeriesLoad, "plans"> = {},
): ManySeriesLoad {
  loads++;
  return { order, count, ...range, seed: loads, ...further };
}

/** Returns the request for a load of {@link Size.batches}. During the load, no month ends. */
export function ingestRequest(
  { setting: { url }, size: { batches, warmUpBatches } }: Arena,
  schema: string,
  load: IngestLoadRequest["load"],
): IngestLoadRequest {
  const isAlone = schema !== STORED;
  const size = { batches, warmUpBatches, callers: CALLERS };
  return { url, schema, load, ...size, raw: "keep", nowMs: load.startMs, isAlone };
}

/** Creates a schema with events without their raw events. Returns the events per second, folding included. */
export async function fill(arena: Arena, schema: string, load: ManySeriesLoad): Promise<number> {
  const { pool, setting, months } = arena;
  await makeFresh(pool, schema);
  const batches = load.count / BATCH_SIZE;
  const request = { ...ingestRequest(arena, schema, load), batches, isAlone: true };
  const rate = await ingestApart({ ...request, raw: "drop" });
  await maintain(pool, { schema, now: new Date(months.nowMs) });
  const tables = ["event", "claim", "day_total", "combination_total", "tally"];
  await pool.query(`vacuum (analyze) ${tables.map((table) => `${schema}.${table}`).join(", ")}`);
  await pool.query("checkpoint");
  setting.onProgress(
    `${load.count.toLocaleString("en-US")} events of many series stored, ${Math.round(rate)} a second`,
  );
  return rate;
}
