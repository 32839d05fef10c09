import { createEvt, type Store } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import express from "express";
import { inject } from "vitest";
import { listen } from "../../packages/http/test/connection.js";
import type { Fixture } from "../../packages/store-postgres/test/fixture.js";
import { check, type Verdict } from "../src/checker/check.js";
import { storedRows } from "../src/checker/stored-rows.js";
import { History } from "../src/history/history.js";
import { sendUntilTold } from "../src/history/send.js";
import type { SentEvent } from "../src/history/sent-event.js";
import { apiTotals } from "../src/rig/api-totals.js";

export const TENANT = "acme";

/** A server over a store, until the test ends. */
export async function serve(store: Store): Promise<string> {
  const app = express();
  const evt = createEvt({ store, retry: { attempts: 1 } });
  const authenticate = () => ({ tenantId: TENANT });
  app.use("/api", createEventRouter({ evt, authenticate, onError: () => undefined }));
  return `http://127.0.0.1:${await listen(app)}`;
}

/** The same senders as in the fault runs, all at once. */
export async function sendAll(url: string, batches: readonly (readonly SentEvent[])[]): Promise<History> {
  const history = new History();
  await Promise.all(batches.map((batch) => sendUntilTold(batch, () => ({ url, tenantId: TENANT }), history)));
  return history;
}

/** The same checker. */
export async function verdictOf(history: History, { schema }: Fixture, url: string): Promise<Verdict> {
  const stored = await storedRows(inject("postgresUrl"), schema, TENANT);
  return check(history, stored, await apiTotals({ url, tenantId: TENANT }));
}
