import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import type { Measure } from "../harness/contest.js";
import { percentile } from "../harness/percentile.js";

const TABLE = `
create table ${SCHEMA}.single (
  id          bigint generated always as identity primary key,
  metric      text not null,
  amount      numeric not null,
  occurred_at timestamptz not null
)`;

/** Measures the 99th percentile of sequential inserts over one connection, in milliseconds. */
export function singleInserts(url: string, warmUp: number, inserts: number): Measure {
  return () =>
    onFreshSchema(url, 1, async (pool) => {
      await pool.query(TABLE);
      const insert = () =>
        pool.query({
          name: "single",
          text: `insert into ${SCHEMA}.single (metric, amount, occurred_at) values ($1, $2, $3)`,
          values: ["metric", 1, "2026-01-01T00:00:00Z"],
        });
      for (let i = 0; i < warmUp; i++) await insert();
      const latencies: number[] = [];
      for (let i = 0; i < inserts; i++) {
        const start = performance.now();
        await insert();
        latencies.push(performance.now() - start);
      }
      return percentile(latencies, 0.99);
    });
}
