import type { RequestListener } from "node:http";
import type { Evt } from "@evt/core";
import { toFetchHandler, toNodeHandler } from "@evt/http";
import { createEventRouter } from "@evt/http-express";
import { eventPlugin } from "@evt/http-fastify";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { TENANT } from "../load/load.js";

/** The web frameworks in which evt is measured. */
export type Host = "Express" | "Fastify" | "Hono" | "node:http";

const authenticate = () => ({ tenantId: TENANT });

/** Returns a listener that serves the routes of an evt in a web framework. */
export async function listenerOf(evt: Evt, host: Host): Promise<RequestListener> {
  return LISTENERS[host](evt);
}

const LISTENERS: Readonly<Record<Host, (evt: Evt) => RequestListener | Promise<RequestListener>>> = {
  Express: (evt) => express().disable("x-powered-by").use(createEventRouter({ evt, authenticate })),
  Fastify: async (evt) => {
    const app = fastify();
    await app.register(eventPlugin, { evt, authenticate });
    await app.ready();
    return app.routing;
  },
  Hono: (evt) => {
    const events = toFetchHandler({ evt, authenticate });
    const listener = getRequestListener(new Hono().all("/*", (c) => events(c.req.raw)).fetch);
    return (req, res) => void listener(req, res);
  },
  "node:http": (evt) => toNodeHandler({ evt, authenticate }),
};
