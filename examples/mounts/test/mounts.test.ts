import { readdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { describe, expect, it } from "vitest";
import { listenOn } from "../../../packages/http/test/connection.js";
import { apiAt } from "../../../packages/http/test/serve.js";

const event = { metric: "purchase", amount: "9007199254740993", clientId: "client_A" };
const headers = { Authorization: "Bearer s3cret" };

const servers: readonly (readonly [string, () => Promise<Server>])[] = [
  ["express", async () => (await import("../express.js")).server],
  ["fastify", async () => (await import("../fastify.js")).server],
  ["hono", async () => (await import("../hono.js")).server],
  ["nest", async () => (await import("../nest.js")).server],
  ["next-route", async () => createServer(asNext(await import("../next-route.js")))],
  ["node-http", async () => (await import("../node-http.js")).server],
];

/** Calls the function that is exported for the method of a request, as Next.js does. */
function asNext(route: Partial<Record<string, unknown>>): RequestListener {
  const listener = getRequestListener((request) => {
    const handler = route[request.method] as ((request: Request) => Promise<Response>) | undefined;
    return handler?.(request) ?? new Response(null, { status: 405 });
  });
  return (req, res) => void listener(req, res);
}

describe.each(servers)("the example %s", (name, load) => {
  it("counts an event once, and refuses callers without a key", async () => {
    const port = await listenOn(await load());
    const api = apiAt(port, "/api");
    const sent = { ...event, eventId: name };
    expect((await api.post(sent)).status).toBe(401);
    const { status, body, text } = await api.post(sent, { headers });
    expect([status, body.processed]).toEqual([200, 1]);
    expect(text).toContain(`"raw":${JSON.stringify(sent)}`);
    expect((await api.post(sent, { headers })).body.duplicates).toBe(1);
    expect((await api.get("/aggregation?metric=purchase", headers)).status).toBe(200);
    expect((await api.request("DELETE", "/events", { headers })).status).toBe(405);
    if (name !== "next-route") expect((await apiAt(port, "/health").get("/ready")).status).toBe(200);
  });

  it("is in docs/http.md, and has at most 30 lines", () => {
    const source = readFileSync(new URL(`../${name}.ts`, import.meta.url), "utf8");
    expect(source.trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    const docs = readFileSync(new URL("../../../docs/http.md", import.meta.url), "utf8");
    expect(docs).toContain(`\`\`\`ts\n${source}\`\`\``);
  });
});

it("every example is run", () => {
  const files = readdirSync(new URL("..", import.meta.url)).filter((file) => file.endsWith(".ts"));
  expect(files.filter((file) => file !== "evt.ts").sort()).toEqual(servers.map(([name]) => `${name}.ts`));
});
