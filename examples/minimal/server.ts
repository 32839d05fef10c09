import { once } from "node:events";
import { createServer } from "node:http";
import { createEvt } from "@evt/core";
import { createDrain, createEventRouter, createHealthRouter, serverLimits } from "@evt/http-express";
import { migrate, PostgresStore } from "@evt/store-postgres";
import express from "express";
import pg from "pg";

const { DATABASE_URL, API_KEY, PORT = "3000" } = process.env;
if (!API_KEY) throw new Error("set API_KEY to the key that clients send as X-Api-Key");

const pool = new pg.Pool({ connectionString: DATABASE_URL });
await migrate(pool);
const evt = createEvt({ store: new PostgresStore({ pool }) });
const drain = createDrain();
// your server decides which tenant a request belongs to; a request without the right key gets a 401
const authenticate = (req: express.Request) =>
  req.get("X-Api-Key") === API_KEY ? { tenantId: "acme" } : null;

const app = express();
app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
app.use(drain.gate);
app.use("/api", createEventRouter({ evt, authenticate, onError: (error) => console.error(error) }));

const server = createServer(serverLimits, app);
server.listen(Number(PORT), () => console.log("listening on", server.address()));
await once(process, "SIGTERM");
await drain.close(server);
await evt.close();
await pool.end();
