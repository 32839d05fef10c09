import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { argument, send } from "@evt/programs/parent";
import pg from "pg";

// a server with a common mistake: it has no error listener on borrowed clients
const { url } = argument<{ readonly url: string }>();
const pool = new pg.Pool({ connectionString: url, application_name: "evt-faults" });
pool.on("error", () => undefined);

const server = createServer((req, res) => void respond(req, res));
server.listen(0, "127.0.0.1", () => send({ port: (server.address() as AddressInfo).port }));
process.once("disconnect", () => process.exit(0));

async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const client = await pool.connect();
  await client.query("select 1");
  await sleep(20);
  client.release();
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const events = req.method === "POST" ? (JSON.parse(Buffer.concat(chunks).toString()) as unknown[]) : [];
  res.setHeader("Content-Type", "application/json");
  res.end(JSON.stringify({ rows: [], results: events.map(() => ({ outcome: "processed" })) }));
}
