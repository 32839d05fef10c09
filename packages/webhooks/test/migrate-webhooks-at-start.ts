import { migrateWebhooks } from "@evt/webhooks";
import pg from "pg";
import { START } from "../../store-postgres/test/start-lock.js";
import { SECRET } from "./secret.js";

// A program that waits until many of its processes run, then migrates.
const [connectionString = "", schema = ""] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, application_name: schema, max: 1 });
await pool.query(`select ${START.wait}`, [schema]);
const endpoints = [{ name: "ops", url: "https://example.test/", secret: SECRET }];
await migrateWebhooks(pool, { schema, endpoints });
await pool.end();
