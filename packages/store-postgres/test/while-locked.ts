import type { Fixture } from "./fixture.js";
import { until } from "./until.js";

/** Holds a lock that every insert needs while `meanwhile` runs. */
export async function whileLocked({ admin, schema }: Fixture, meanwhile: () => Promise<void>): Promise<void> {
  const holder = await admin.connect();
  try {
    await holder.query(`begin; lock table ${schema}.tally in share mode`);
    await until(admin, "select from pg_locks where relation = $1::regclass and granted", [`${schema}.tally`]);
    await meanwhile();
  } finally {
    await holder.query("commit");
    holder.release();
  }
}
