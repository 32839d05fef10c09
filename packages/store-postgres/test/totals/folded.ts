import { maintain } from "@evt/store-postgres";
import type { Fixture } from "../fixture.js";

/** A time before any month has ended, so that no month is sealed. */
const now = new Date("2000-01-01T00:00:00Z");

/** Folds the existing tallies and returns their number. */
export async function folded({ admin, schema }: Pick<Fixture, "admin" | "schema">): Promise<number> {
  return (await maintain(admin, { schema, monthsAhead: 0, now })).folded;
}
