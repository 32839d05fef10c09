import type { Evt } from "@evt/core";
import { createEventRouter, createHealthRouter, type Drain, refuseCrossSite } from "@evt/http-express";
import express, { type Express } from "express";
import { requireKnownHost } from "./known-hosts.js";
import { logError } from "./log-error.js";
import { pageRouter } from "./page.js";
import { securityHeaders } from "./security-headers.js";
import type { SeedJob } from "./seed/seed-job.js";
import { seedRouter } from "./seed/seed-router.js";

export interface AppOptions {
  readonly evt: Evt;
  readonly drain: Drain;
  readonly seedJob: SeedJob;
  /** Instructions for a user to remove all data from the store. */
  readonly removal: string;
  /** The host names that requests may use. `null` allows any. */
  readonly hosts: ReadonlySet<string> | null;
}

/**
 * Creates the app, with the API at `/api`, health at `/health`, routes of this example at `/example` and the page at
 * `/`.
 */
export function createApp({ evt, drain, seedJob, removal, hosts }: AppOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use(securityHeaders);
  app.use(requireKnownHost(hosts));
  // mounted before the gate, so that health is served while the server stops
  app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
  app.use(drain.gate);
  app.use("/api", createEventRouter({ evt, authenticate: "open", simulateFailure: true, onError: logError }));
  app.use("/example", refuseCrossSite(), seedRouter(seedJob, removal));
  app.use(pageRouter());
  return app;
}
