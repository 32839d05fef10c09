import { expect, it } from "vitest";
import { fixture } from "../fixture.js";

it("every table with deletes or updates has a replica identity", async () => {
  const { admin, schema } = await fixture();
  const { rows } = await admin.query(
    `select relname from pg_class
      where relnamespace = $1::regnamespace and relkind in ('r', 'p') and relreplident = 'd'
        and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)
      order by 1`,
    [schema],
  );
  // rows of event are only inserted, and pruned with their partition
  expect(rows.map(({ relname }) => String(relname).replace(/_\d{4}_\d\d$/, ""))).toEqual(["event", "event"]);
});
