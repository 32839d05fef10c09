import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createEvt } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import express from "express";
import pg from "pg";
import { insertByHand } from "./by-hand.js";
import { type Host, listenerOf } from "./hosts.js";

/** The kind of server for `POST /events`. */
export interface ServerRequest {
  /** `evt`: the routes with Postgres. `by hand`: one statement per request. `alone`: only Express. */
  readonly kind: "evt" | "by hand" | "alone";
  /** The web framework of `evt`. The other kinds use Express. */
  readonly host?: Host;
  readonly url: string;
  /** The size of evt's response, in bytes. Responses of the other servers have this size, too. */
  readonly responseBytes: number;
}

const CONNECTIONS = 10;

interface Served {
  readonly listener: RequestListener;
  close(): Promise<void>;
}

async function served({ kind, host = "Express", url, responseBytes }: ServerRequest): Promise<Served> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  pool.on("error", () => undefined);
  if (kind === "evt") {
    const evt = createEvt({ store: new PostgresStore({ pool }) });
    return { listener: await listenerOf(evt, host), close: () => evt.close().then(() => pool.end()) };
  }
  const app = express();
  app.disable("x-powered-by");
  const padding = "x".repeat(Math.max(0, responseBytes - '{"success":true,"answer":""}'.length));
  app.use(express.json({ limit: "10mb" }));
  app.post("/events", async (req, res) => {
    if (kind === "by hand") await insertByHand(pool, req.body);
    res.json({ success: true, answer: padding });
  });
  return { listener: app, close: () => pool.end() };
}

const { listener, close } = await served(argument<ServerRequest>());
const server = createServer(listener);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
send({ port: (server.address() as AddressInfo).port });
await disconnected();
server.close();
server.closeAllConnections();
await close();
