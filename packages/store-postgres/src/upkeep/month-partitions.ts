import type { Query } from "../connection/transaction.js";

/** Makes the partitions of so many months from `now` on, and answers how many of them were not there. */
export async function makePartitions(
  quotedSchema: string,
  now: Date,
  months: number,
  query: Query,
): Promise<number> {
  let made = 0;
  for (let month = 0; month < months; month++) {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1));
    const text = `select ${quotedSchema}.make_partition($1::timestamptz)::text as made`;
    const [row] = await query(text, [first.toISOString()]);
    const answer = row?.["made"];
    if (answer !== "true" && answer !== "false")
      throw new Error(`the database did not say whether it made a partition, but ${String(answer)}`);
    if (answer === "true") made++;
  }
  return made;
}
