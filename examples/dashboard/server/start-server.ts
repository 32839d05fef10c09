import type { Server } from "node:http";
import { createEvt, type EvtTenant } from "@evt/core";
import { createApp } from "./app.js";
import { addressOf, ensureFree, listen } from "./listen.js";
import { openStore } from "./open-store.js";
import { realDataMappings, selectRealDataMapping } from "./seed/mappings.js";
import { SeedJob } from "./seed/seed-job.js";
import type { Settings } from "./settings.js";

/** How long requests under way may take once the server is to end. */
const DRAIN_MS = 10_000;

export interface RunningServer {
  readonly url: string;
  readonly events: EvtTenant;
  readonly seedJob: SeedJob;
  /** Not ready any more; finishes what is under way; closes the store and what lies beneath it. Idempotent. */
  stop(): Promise<void>;
}

/** @throws StartError where something of the settings cannot be had */
export async function startServer(settings: Omit<Settings, "seed">): Promise<RunningServer> {
  await ensureFree(settings);
  const { store, removal, release } = await openStore(settings.store);
  const evt = createEvt({ store, mappings: realDataMappings, selectMapping: selectRealDataMapping });
  // the tenant of a router that is open to everybody
  const events = evt.tenant("default");
  const seedJob = new SeedJob(events);
  let draining = false;

  const letGo = async (): Promise<void> => {
    await seedJob.stop();
    await evt.close();
    await release();
  };

  try {
    const app = createApp({ evt, seedJob, removal, draining: () => draining });
    const server = await listen(app, settings);
    let stopping: Promise<void> | undefined;
    const stop = () => {
      draining = true;
      stopping ??= closeServer(server).then(letGo);
      return stopping;
    };
    return { url: addressOf(server), events, seedJob, stop };
  } catch (error) {
    await letGo();
    throw error;
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
