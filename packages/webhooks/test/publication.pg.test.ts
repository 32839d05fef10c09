import { expect, it } from "vitest";
import { webhooksFixture } from "./webhooks-fixture.js";

it("with a publication for all tables, rows of every webhooks and pg-boss table can be deleted", async () => {
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
