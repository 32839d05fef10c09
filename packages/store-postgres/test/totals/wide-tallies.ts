import type { Fixture } from "../fixture.js";
import { insert, recordOf } from "../records.js";

/** Inserts tallies with the given number of cells each. */
export async function insertWide({ store }: Fixture, tallies: number, cells: number): Promise<void> {
  for (let tally = 0; tally < tallies; tally++)
    await insert(
      store,
      Array.from({ length: cells }, (_, n) =>
        recordOf({ clientId: `client ${tally}`, metric: `metric ${n}` }),
      ),
    );
}
