import { createApiKeys } from "@evt/api-keys";
import { migrateApiKeys, PostgresApiKeyStore } from "@evt/api-keys/postgres";
import { createEvt } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import { migrate, PostgresStore } from "@evt/store-postgres";
import express from "express";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await migrate(pool);
await migrateApiKeys(pool); // creates the table evt.api_key

const evt = createEvt({ store: new PostgresStore({ pool }) });
const keys = createApiKeys({ store: new PostgresApiKeyStore({ pool }) });

const app = express();
app.use("/api", createEventRouter({ evt, authenticate: keys.authenticate, extraRoutes: keys.routes }));

export { app, evt, keys, pool };
