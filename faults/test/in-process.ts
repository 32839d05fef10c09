import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEvt, type Store } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import { migrate, PostgresStore } from "@evt/store-postgres";
import express from "express";
import pg from "pg";
import { inject, onTestFinished } from "vitest";
import { check, type Verdict } from "../src/checker/check.js";
import { storedRows } from "../src/checker/stored-rows.js";
import { History } from "../src/history/history.js";
import { sendUntilTold } from "../src/history/send.js";
import type { SentEvent } from "../src/history/sent-event.js";
import { apiTotals } from "../src/rig/api-totals.js";

export const TENANT = "acme";

export interface Ground {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly store: PostgresStore;
}

/** A schema of its own with a sound store, gone with the test. */
export async function ground(): Promise<Ground> {
  const pool = new pg.Pool({ connectionString: inject("postgresUrl"), max: 12 });
  const schema = `control_${randomBytes(6).toString("hex")}`;
  await migrate(pool, { schema, monthsAhead: 1 });
  const store = new PostgresStore({ pool, schema });
  onTestFinished(async () => {
    await store.close();
    await pool.query(`drop schema ${schema} cascade`);
    await pool.end();
  });
  return { pool, schema, store };
}

/** A server over a store, until the test ends. */
export async function serve(store: Store): Promise<string> {
  const app = express();
  const evt = createEvt({ store, retry: { attempts: 1 } });
  const authenticate = () => ({ tenantId: TENANT });
  app.use("/api", createEventRouter({ evt, authenticate, onError: () => undefined }));
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The same senders as in the fault runs, all at once. */
export async function sendAll(url: string, batches: readonly (readonly SentEvent[])[]): Promise<History> {
  const history = new History();
  await Promise.all(batches.map((batch) => sendUntilTold(batch, () => ({ url, tenantId: TENANT }), history)));
  return history;
}

/** The same checker. */
export async function verdictOf(history: History, { schema }: Ground, url: string): Promise<Verdict> {
  const stored = await storedRows(inject("postgresUrl"), schema, TENANT);
  return check(history, stored, await apiTotals({ url, tenantId: TENANT }));
}

/** The store with some of its methods done otherwise. */
export function altered(store: PostgresStore, methods: Partial<Store>): Store {
  return new Proxy<Store>(store, {
    get(target, name) {
      const other: unknown = Reflect.get(methods, name);
      if (other !== undefined) return other;
      const own: unknown = Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
