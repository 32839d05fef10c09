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
  /** Not ready any more; finishes what is under way; closes the store and what lies beneath it. Idempotent. */
  stop(): Promise<void>;
}

/** Serves the API and the page over an open store, which it lets go at the end, also where it cannot begin. */
export async function serve({ store, removal, release }: OpenStore, place: Place): Promise<RunningServer> {
  const evt = createEvt({ store, mappings: realDataMappings, selectMapping: selectRealDataMapping });
  // the tenant of a router that is open to everybody
  const events = evt.tenant("default");
  const seedJob = new SeedJob(events);
  const drain = createDrain();
  const hosts = knownHosts(place.host, place.allowedHosts ?? []);

  const letGo = async (): Promise<void> => {
    await evt.close();
    await release();
  };

  const server = await listen(createApp({ evt, drain, seedJob, removal, hosts }), place).catch(
    async (error) => {
      await letGo();
      throw error;
    },
  );

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= Promise.all([drain.close(server), seedJob.stop()]).then(letGo);
    return stopping;
  };
  return { url: addressOf(server), events, seedJob, stop };
}
