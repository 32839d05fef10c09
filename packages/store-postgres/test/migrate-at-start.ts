import { migrate } from "@evt/store-postgres";
import pg from "pg";
import { START } from "./start-lock.js";

// A program with the arguments `<connection string> <schema>`. It waits for the lock, migrates, and prints the
// versions that it applied.
const [connectionString = "", schema = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, application_name: schema, max: 1 });
await pool.query(`select ${START.wait}`, [schema]);
console.log(JSON.stringify(await migrate(pool, { schema })));
await pool.end();
