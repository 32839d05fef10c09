import type { Fixture } from "../fixture.js";

/** Changes the database so that the tests' events of past months seem to have arrived in time. */
export async function arrivedLongAgo(
  { admin, schema }: Pick<Fixture, "admin" | "schema">,
  at = "2001-01-01T00:00:00Z",
): Promise<void> {
  await admin.query(`update ${schema}.late_arrival set at = $1`, [at]);
}
