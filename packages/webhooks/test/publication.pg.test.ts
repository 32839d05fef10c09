import { expect, it } from "vitest";
import { webhooksFixture } from "./webhooks-fixture.js";

it("rows of every table of webhooks and pg-boss can be deleted under a publication for all tables", async () => {
  const { admin, schema } = await webhooksFixture([{ url: "http://127.0.0.1:9" }]);
  const { rows } = await admin.query(
    `select relname from pg_class
      where relkind in ('r', 'p') and relreplident = 'd'
        and (relnamespace = $1::regnamespace or (relnamespace = $2::regnamespace and relname like 'webhook%'))
        and not exists (select from pg_index where indrelid = pg_class.oid and indisprimary)`,
    [`${schema}_webhooks`, schema],
  );
  expect(rows).toEqual([]);
});
