export type { ParkedStatus } from "@evt/core";
export { createWebhooks } from "./create-webhooks.js";
export type { Endpoint } from "./endpoint.js";
export { migrateWebhooks } from "./migrate-webhooks.js";
export type { MigrateWebhooksOptions, Undelivered, Webhooks, WebhooksOptions } from "./webhooks.js";
