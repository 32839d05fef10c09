import type { SqlQuery } from "../connection/transaction.js";

/**
 * Creates the partitions of `months` months, beginning with the month of `now`. Returns the number of partitions
 * that it created.
 */
export async function makePartitions(
  quotedSchema: string,
  now: Date,
  months: number,
  query: SqlQuery,
): Promise<number> {
  let made = 0;
  for (let month = 0; month < months; month++) {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1));
    const text = `select ${quotedSchema}.make_partition($1::timestamptz)::text as made`;
    const [row] = await query(text, [first.toISOString()]);
    const isMade = row?.["made"];
    if (isMade !== "true" && isMade !== "false")
      throw new Error(`make_partition returned ${String(isMade)}; expected true or false`);
    if (isMade === "true") made++;
  }
  return made;
}
