import { maintain } from "@evt/store-postgres";
import type { Fixture } from "../fixture.js";

/** Folds what was tallied by now; answers how many tallies that were. */
export async function folded({ admin, schema }: Pick<Fixture, "admin" | "schema">): Promise<number> {
  return (await maintain(admin, { schema, monthsAhead: 0 })).folded;
}
