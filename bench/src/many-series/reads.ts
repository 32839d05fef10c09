import type { EvtTenant } from "@evt/core";
import { Child } from "@evt/programs";
import type { Pool } from "pg";
import type { Measure } from "../harness/contest.js";
import { latenciesFor, latenciesWhile } from "../harness/latencies.js";
import { percentile } from "../harness/percentile.js";
import { TENANT } from "../load/load.js";
import type { Question } from "../ten-million/totals.js";
import type { SteadyIngestRequest, SteadyIngestResult } from "./steady-ingest.js";

const STEADY_INGEST = new URL("./steady-ingest.ts", import.meta.url);
const SHARE = 0.95;
const SAMPLES_EVERY_MS = 50;

type Ask = (i: number) => Promise<unknown>;

/** Returns a function that asks evt query `i`. */
export function asksEvt(events: EvtTenant, question: (i: number) => Question): Ask {
  return (i) => events.aggregate(question(i).asked);
}

/** Returns a function that runs the SQL of query `i` over the events. */
export function asksEvents(pool: Pool, schema: string, question: (i: number) => Question): Ask {
  return (i) => pool.query(question(i).sql(schema), [TENANT]);
}

/** Measures the 95th percentile of sequential queries, in milliseconds. */
export function p95(ms: number, ask: Ask): Measure {
  return async () => percentile(await latenciesFor(ms, ask), SHARE);
}

/** Does what {@link p95} does while another process ingests at a constant rate. */
export function p95WhileIngesting(
  ms: number,
  ask: Ask,
  requestOf: () => SteadyIngestRequest,
  onProgress: (line: string) => void,
): Measure {
  return async () => {
    const child = await Child.of(STEADY_INGEST, requestOf());
    try {
      await child.message();
      const latencies = await latenciesFor(ms, ask);
      child.send("stop");
      const { perSecond } = await child.message<SteadyIngestResult>();
      onProgress(`${latencies.length} queries during ingest of ${Math.round(perSecond)} events a second`);
      return percentile(latencies, SHARE);
    } finally {
      await child.end();
    }
  };
}

/** Asks each kind of query in turn while `goesOn`. Returns the largest 95th percentile of a kind, in milliseconds. */
export async function slowestP95(asks: readonly Ask[], goesOn: () => boolean): Promise<number> {
  const latencies = await latenciesWhile(goesOn, (i) => (asks[i % asks.length] as Ask)(i));
  const ofKind = (kind: number) => latencies.filter((_, i) => i % asks.length === kind);
  const kinds = asks.map((_, kind) => ofKind(kind)).filter((each) => each.length > 0);
  return Math.max(...kinds.map((each) => percentile(each, SHARE)));
}

/** Samples the number of unfolded cells while `goesOn` returns true. Returns the largest sample. */
export async function mostUnfolded(pool: Pool, schema: string, goesOn: () => boolean): Promise<number> {
  let most = 0;
  do {
    // estimated from the stored sizes, 8 bytes for each cell, because counting would fetch the arrays
    const { rows } = await pool.query<{ cells: string }>(
      `select coalesce(sum((pg_column_size(counts) - 20) / 8), 0) as cells from ${schema}.tally`,
    );
    most = Math.max(most, Number(rows[0]?.cells));
    await new Promise((resolve) => setTimeout(resolve, SAMPLES_EVERY_MS));
  } while (goesOn());
  return most;
}
