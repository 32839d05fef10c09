import type { Evt } from "@evt/core";
import { createEventRouter, createHealthRouter } from "@evt/http-express";
import express, { type Express, type RequestHandler } from "express";
import { pageRouter } from "./page.js";
import { securityHeaders } from "./security-headers.js";
import type { SeedJob } from "./seed/seed-job.js";
import { seedRouter } from "./seed/seed-router.js";

export interface AppOptions {
  readonly evt: Evt;
  readonly seedJob: SeedJob;
  /** How a person gets rid of what is in the store. */
  readonly removal: string;
  readonly draining: () => boolean;
}

/** The API at `/api`, health at `/health`, what only this example has at `/example`, the page at `/`. */
export function createApp({ evt, seedJob, removal, draining }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders, hangUpWhile(draining));
  app.use("/api", createEventRouter({ evt, authenticate: "open", simulateFailure: true }));
  app.use("/health", createHealthRouter({ evt, draining }));
  app.use("/example", seedRouter(seedJob, removal));
  app.use(pageRouter());
  return app;
}

/** A connection that is kept alive would keep the server alive, too. */
function hangUpWhile(draining: () => boolean): RequestHandler {
  return (_req, res, next) => {
    if (draining()) res.set("Connection", "close");
    next();
  };
}
