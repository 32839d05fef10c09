import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEvt } from "@evt/core";
import { createDrain, createEventRouter, createHealthRouter, serverLimits } from "@evt/http-express";
import { argument, onMessage, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import express from "express";
import pg from "pg";
import { type KillPoint, killedInResponse, killedInStore } from "./kill-points.js";
import { LoopProbe } from "./loop-probe.js";
import type { ServerSettings } from "./server-process.js";

const { url, schema, port, pool: poolConfig, requestLimits, http } = argument<ServerSettings>();
let killPoint: KillPoint | null = null;
const armed = () => killPoint;

const pool = new pg.Pool({
  connectionString: url,
  max: 10,
  connectionTimeoutMillis: 2_000,
  statement_timeout: 5_000,
  application_name: "evt-faults",
  ...poolConfig,
});
pool.on("error", () => undefined);
const store = new PostgresStore({ pool, schema });
const evt = createEvt({ store: killedInStore(store, armed), timeoutMs: 5_000 });
const drain = createDrain();

const app = express();
app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
app.use(drain.gate);
app.use(killedInResponse(armed));
app.use(
  "/api",
  createEventRouter({
    evt,
    authenticate: (req) => {
      const tenantId = req.get("X-Tenant");
      return tenantId === undefined ? null : { tenantId };
    },
    onError: () => undefined,
    ...(requestLimits !== undefined && { limits: requestLimits }),
  }),
);

const server = createServer({ ...serverLimits, ...http }, app);
server.listen(port, "127.0.0.1", () => send({ port: (server.address() as AddressInfo).port }));

let probe: LoopProbe | undefined;
onMessage<{ readonly kill?: KillPoint | null; readonly longestHold?: true }>(({ kill, longestHold }) => {
  if (kill !== undefined) killPoint = kill;
  if (!longestHold) return;
  probe ??= new LoopProbe();
  send(probe.longest());
});
process.once("SIGTERM", () => void stop());
// the channel closes when the parent process ends
process.once("disconnect", () => process.exit(0));

async function stop(): Promise<void> {
  await drain.close(server);
  await evt.close();
  await pool.end();
  process.exit(0);
}
