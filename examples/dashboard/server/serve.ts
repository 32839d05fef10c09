import type { Server } from "node:http";
import { createEvt, type EvtTenant } from "@evt/core";
import { createApp } from "./app.js";
import { Drain } from "./drain.js";
import { addressOf, listen, type Place } from "./listen.js";
import type { OpenStore } from "./open-store.js";
import { realDataMappings, selectRealDataMapping } from "./seed/mappings.js";
import { SeedJob } from "./seed/seed-job.js";

/** How long requests under way may take once the server is to end. */
const DRAIN_MS = 10_000;

export interface RunningServer {
  readonly url: string;
  readonly events: EvtTenant;
  readonly seedJob: SeedJob;
  /** Not ready any more; finishes what is under way; closes the store and what lies beneath it. Idempotent. */
  stop(): Promise<void>;
}

/** Serves the API and the page over an open store, which it lets go at the end, also where it cannot begin. */
export async function serve({ store, removal, release }: OpenStore, place: Place): Promise<RunningServer> {
  const evt = createEvt({ store, mappings: realDataMappings, selectMapping: selectRealDataMapping });
  // the tenant of a router that is open to everybody
  const events = evt.tenant("default");
  const seedJob = new SeedJob(events);
  const drain = new Drain();

  const letGo = async (): Promise<void> => {
    await evt.close();
    await release();
  };

  const server = await listen(createApp({ evt, drain, seedJob, removal }), place).catch(async (error) => {
    await letGo();
    throw error;
  });

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= Promise.all([close(server, drain), seedJob.stop()]).then(letGo);
    return stopping;
  };
  return { url: addressOf(server), events, seedJob, stop };
}

async function close(server: Server, drain: Drain): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await drain.start();
  clearTimeout(cut);
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
