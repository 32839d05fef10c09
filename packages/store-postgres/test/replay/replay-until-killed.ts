import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import pg from "pg";

// A program that replays all parked events, page by page. It ends when it is done, or kills itself after some
// milliseconds. On a busy machine, another process might kill it too late.
const [url = "", schema = "", killAfterMs = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 2 });
const evt = createEvt({
  store: new PostgresStore({ pool, schema }),
  mappings: { mended: { fields: { amount: "cost" } } },
});
const events = evt.tenant("acme");
setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(killAfterMs)).unref();
let cursor: string | null = null;
do {
  const page = await events.replayPage(
    { all: true, limit: 50, ...(cursor !== null && { cursor }) },
    { mapping: "mended" },
  );
  cursor = page.nextCursor;
} while (cursor !== null);
await evt.close();
await pool.end();
