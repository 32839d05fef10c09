import { createEvt, type EvtTenant } from "@evt/core";
import { createDrain } from "@evt/http-express";
import { createApp } from "./app.js";
import { knownHosts } from "./known-hosts.js";
import { addressOf, listen, type Place } from "./listen.js";
import type { OpenStore } from "./open-store.js";
import { realDataMappings, selectRealDataMapping } from "./seed/mappings.js";
import { SeedJob } from "./seed/seed-job.js";

export interface RunningServer {
  readonly url: string;
  readonly events: EvtTenant;
  readonly seedJob: SeedJob;
  /** Finishes the requests in progress, then closes the store and its connections. Idempotent. */
  stop(): Promise<void>;
}

/** Serves the API and the page with an open store. Closes the store when the server stops or cannot start. */
export async function serve({ store, removal, release }: OpenStore, place: Place): Promise<RunningServer> {
  const evt = createEvt({ store, mappings: realDataMappings, selectMapping: selectRealDataMapping });
  // a router without authentication uses the tenant `default`
  const events = evt.tenant("default");
  const seedJob = new SeedJob(events);
  const drain = createDrain();
  const hosts = knownHosts(place.host, place.allowedHosts ?? []);

  const closeStore = async (): Promise<void> => {
    await evt.close();
    await release();
  };

  const server = await listen(createApp({ evt, drain, seedJob, removal, hosts }), place).catch(
    async (error) => {
      await closeStore();
      throw error;
    },
  );

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= Promise.all([drain.close(server), seedJob.stop()]).then(closeStore);
    return stopping;
  };
  return { url: addressOf(server), events, seedJob, stop };
}
