import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEvt } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import { argument, disconnected, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import express, { type Express } from "express";
import pg from "pg";
import { TENANT } from "../load/load.js";
import { insertByHand } from "./by-hand.js";

/** The kind of server for `POST /events`. */
export interface ServerRequest {
  /** `evt`: the router with Postgres. `by hand`: one statement per request. `alone`: only Express. */
  readonly kind: "evt" | "by hand" | "alone";
  readonly url: string;
  /** The size of evt's response, in bytes. Responses of the other servers have this size, too. */
  readonly responseBytes: number;
}

const CONNECTIONS = 10;

interface Served {
  readonly app: Express;
  close(): Promise<void>;
}

function served({ kind, url, responseBytes }: ServerRequest): Served {
  const app = express();
  app.disable("x-powered-by");
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  pool.on("error", () => undefined);
  if (kind === "evt") {
    const evt = createEvt({ store: new PostgresStore({ pool }) });
    app.use(createEventRouter({ evt, authenticate: () => ({ tenantId: TENANT }) }));
    return { app, close: () => evt.close().then(() => pool.end()) };
  }
  const padding = "x".repeat(Math.max(0, responseBytes - '{"success":true,"answer":""}'.length));
  app.use(express.json({ limit: "10mb" }));
  app.post("/events", async (req, res) => {
    if (kind === "by hand") await insertByHand(pool, req.body);
    res.json({ success: true, answer: padding });
  });
  return { app, close: () => pool.end() };
}

async function listen(app: Express): Promise<Server> {
  return new Promise((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => resolve(server));
  });
}

const { app, close } = served(argument<ServerRequest>());
const server = await listen(app);
send({ port: (server.address() as AddressInfo).port });
await disconnected();
server.close();
server.closeAllConnections();
await close();
