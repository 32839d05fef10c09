import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { cloneRawRequest } from "hono/request";
import { toFetchHandler, toFetchHealthHandler } from "../../src/index.js";
import { type Mount, optionsFor, type Reader } from "../contract/mount.js";
import { fetchExceptions, seenRequest } from "./fetch-host.js";

/** Hono on Node. */
export const honoMount: Mount = {
  name: "Hono",
  readers: ["bytes", "rawBody"],
  exceptions: {
    ...fetchExceptions,
    "changes nothing on any route: an origin without a host": "@hono/node-server refuses an empty Host",
    "that sends nothing more after a refusal is closed after two seconds":
      "@hono/node-server closes it earlier",
  },
  async events(options, at, reader) {
    const events = toFetchHandler({ ...optionsFor(options, seenRequest), basePath: at });
    const app = new Hono();
    app.all(`${at}/*`, async (c) => events(await read(c, reader)));
    return listenerOf(app);
  },
  async health(options, at) {
    const health = toFetchHealthHandler({ ...options, basePath: at });
    const app = new Hono();
    app.all(`${at}/*`, (c) => health(c.req.raw));
    return listenerOf(app);
  },
};

/** Returns a listener that does not return its promise, as `createServer` expects. */
function listenerOf({ fetch }: Hono): RequestListener {
  const listener = getRequestListener(fetch);
  return (req, res) => void listener(req, res);
}

async function read({ req }: Context, reader: Reader | undefined): Promise<Request> {
  if (reader === undefined) return req.raw;
  const bytes = await req.arrayBuffer();
  if (reader === "rawBody") return Object.assign(req.raw, { rawBody: Buffer.from(bytes) });
  return cloneRawRequest(req);
}
