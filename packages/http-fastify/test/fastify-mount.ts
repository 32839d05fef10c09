import express, { type Request, type Response } from "express";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { type Mount, optionsFor, type TestRequest } from "../../http/test/contract/mount.js";
import { nodeReader } from "../../http/test/mounts/node-readers.js";
import { eventPlugin, healthPlugin } from "../src/index.js";

export const fastifyMount: Mount = {
  name: "Fastify",
  readers: ["json", "bytes", "text", "rawBody"],
  exceptions: {
    "returns 400 for a path that cannot be decoded": "Fastify's router responds to it",
  },
  async events(options, at, reader) {
    const app = fastify();
    await app.register(eventPlugin, { ...optionsFor(options, seen), prefix: at });
    const listener = await listenerOf(app);
    if (reader === undefined) return listener;
    const read = nodeReader(express, reader);
    return (req, res) => read(req as Request, res as Response, () => listener(req, res));
  },
  async health(options, at) {
    const app = fastify();
    await app.register(healthPlugin, { ...options, prefix: at });
    return listenerOf(app);
  },
};

async function listenerOf(app: FastifyInstance) {
  await app.ready();
  return app.routing;
}

function seen({ method, url, headers }: FastifyRequest): TestRequest {
  return { method, url, get: (name) => headers[name.toLowerCase()] as string | undefined };
}
