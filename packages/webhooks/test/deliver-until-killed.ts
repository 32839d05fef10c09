import { createWebhooks, type WebhooksOptions } from "@evt/webhooks";
import pg from "pg";

// A program that delivers until it is killed.
const [url = "", options = "{}"] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 10 });
createWebhooks({ ...(JSON.parse(options) as Omit<WebhooksOptions, "pool">), pool }).start();
