import { createEvt } from "@evt/core";
import { migrate, PostgresStore } from "@evt/store-postgres";
import pg from "pg";

const schema = `consumer_${process.pid}`;
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"] });

// the store sends COPY through undocumented members of a `pg` client; without these members, it would use a statement
let copies = 0;
pool.on("connect", (client) => {
  const { stream } = (client as unknown as { connection: { stream: NodeJS.WritableStream } }).connection;
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (...args: unknown[]) => {
    if (Buffer.from(args[0] as Uint8Array).includes("copy ")) copies++;
    return write(...args);
  };
});

await migrate(pool, { schema });
const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
const events = evt.tenant("acme");
const batch = Array.from({ length: 1_000 }, (_, index) => ({
  client: "shop",
  amount: 1,
  eventId: `order-${index}`,
}));
const first = await events.ingestMany(batch);
const second = await events.ingestMany(batch);
const how = copies > 0 ? "sent by COPY" : "sent by a statement";
console.log(`${first.processed} processed, ${second.duplicates} duplicates, ${how}`);
await evt.close();
await pool.query(`drop schema ${schema} cascade`);
await pool.end();
