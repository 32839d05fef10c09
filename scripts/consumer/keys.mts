import { execFileSync } from "node:child_process";
import { createApiKeys, isApiKey } from "@evt/api-keys";
import { PostgresApiKeyStore } from "@evt/api-keys/postgres";
import pg from "pg";

const schema = `consumer_keys_${process.pid}`;
const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"] });
await pool.query(`create schema ${schema}`);

const evtKeys = (...args: string[]) =>
  execFileSync("node_modules/.bin/evt-keys", [...args, "--schema", schema], { encoding: "utf8" }).trim();
evtKeys("migrate");
const key = evtKeys("create", "--tenant", "acme", "--scopes", "ingest,read");

const keys = createApiKeys({ store: new PostgresApiKeyStore({ pool, schema }) });
const { tenantId, scopes } = await keys.authenticate({ headers: { authorization: `Bearer ${key}` } });
console.log(`${isApiKey(key) ? "a key" : "no key"} of ${tenantId} for ${scopes.join(", ")}`);
await keys.close();
await pool.query(`drop schema ${schema} cascade`);
await pool.end();
