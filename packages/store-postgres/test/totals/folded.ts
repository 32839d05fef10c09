import { maintain } from "@evt/store-postgres";
import type { Fixture } from "../fixture.js";

/** Folds the existing tallies and returns their number. */
export async function folded({ admin, schema }: Pick<Fixture, "admin" | "schema">): Promise<number> {
  return (await maintain(admin, { schema, monthsAhead: 0 })).folded;
}
