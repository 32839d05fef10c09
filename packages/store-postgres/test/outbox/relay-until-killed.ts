import { createEvt } from "@evt/core";
import { createOutbox, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { watched } from "../watched-pool.js";

// A program that relays until nothing is left and prints the number of counted events, unless it is killed. It kills
// itself before a query that begins with the third argument.
const [url = "", schema = "", lastQuery = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 4 });
const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
const { pool: deadly } = watched(pool, {
  beforeQuery: ({ text }) => {
    if (lastQuery !== "" && text.startsWith(lastQuery)) process.kill(process.pid, "SIGKILL");
  },
});
const outbox = createOutbox({ evt, pool: deadly, schema });
process.stdout.write("started\n");
let sum = 0;
let counted = 0;
do {
  ({ counted } = await outbox.relay({ limit: 50 }));
  sum += counted;
} while (counted > 0);
process.stdout.write(JSON.stringify(sum));
await evt.close();
await pool.end();
