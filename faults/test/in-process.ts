import { createEvt, type Store } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import express from "express";
import { listen } from "../../packages/http/test/connection.js";
import type { Fixture } from "../../packages/store-postgres/test/fixture.js";
import { check, type Verdict } from "../src/checker/check.js";
import { type Query, storedRows } from "../src/checker/stored-rows.js";
import { History } from "../src/history/history.js";
import { sendUntilSettled } from "../src/history/send.js";
import type { SentEvent } from "../src/history/sent-event.js";
import { apiTotals } from "../src/rig/api-totals.js";

export const TENANT = "acme";

/** Starts a server with a store. It runs until the end of the test. */
export async function serve(store: Store): Promise<string> {
  const app = express();
  const evt = createEvt({ store, retry: { attempts: 1 } });
  const authenticate = () => ({ tenantId: TENANT });
  app.use("/api", createEventRouter({ evt, authenticate, onError: () => undefined }));
  return `http://127.0.0.1:${await listen(app)}`;
}

/** Sends all batches at the same time, as the fault runs do. */
export async function sendAll(url: string, batches: readonly (readonly SentEvent[])[]): Promise<History> {
  const history = new History();
  await Promise.all(
    batches.map((batch) => sendUntilSettled(batch, () => ({ url, tenantId: TENANT }), history)),
  );
  return history;
}

/** Checks everything, as the fault runs do. */
export async function verdictOf(history: History, { admin, schema }: Fixture, url: string): Promise<Verdict> {
  const query: Query = async (text, values) => (await admin.query(text, values)).rows;
  const stored = await storedRows(query, schema, TENANT);
  return check(history, stored, await apiTotals({ url, tenantId: TENANT }));
}
