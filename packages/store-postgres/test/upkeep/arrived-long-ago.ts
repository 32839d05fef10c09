import type { Fixture } from "../fixture.js";

/** Has the database say that what tests stored in past months arrived there in time. */
export async function arrivedLongAgo(
  { admin, schema }: Pick<Fixture, "admin" | "schema">,
  at = "2001-01-01T00:00:00Z",
): Promise<void> {
  await admin.query(`update ${schema}.late_arrival set at = $1`, [at]);
}
