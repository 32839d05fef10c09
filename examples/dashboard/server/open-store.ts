import { resolve } from "node:path";
import type { Store } from "@evt/core";
import { startLocalPostgres } from "@evt/local-postgres";
import { MemoryStore } from "@evt/store-memory";
import { openPostgres } from "./open-postgres.js";
import { StartError, type StoreSettings } from "./settings.js";

export interface OpenStore {
  readonly store: Store;
  /** How a person gets rid of what is in it. */
  readonly removal: string;
  /** Lets go of what lies beneath the store. The store itself is closed by whoever uses it, before. */
  release(): Promise<void>;
}

/** @throws StartError where the database cannot be reached */
export async function openStore(settings: StoreSettings): Promise<OpenStore> {
  switch (settings.kind) {
    case "memory":
      return {
        store: new MemoryStore(),
        removal: "stop the server: this store keeps nothing.",
        release: async () => {},
      };
    case "postgres":
      return {
        ...(await openPostgres(settings.url)),
        removal:
          "stop the server and run “drop schema evt cascade” in its database; that removes all events.",
      };
    case "embedded":
      return openEmbedded(resolve(settings.dataDir));
  }
}

async function openEmbedded(dataDir: string): Promise<OpenStore> {
  const postgres = await startLocalPostgres({ dataDir }).catch((cause: Error) => {
    const ways = "set EVT_STORE=memory to do without, or DATABASE_URL to use your own";
    throw new StartError(`Postgres does not start in ${dataDir}: ${cause.message}\n${ways}`, { cause });
  });
  try {
    const { store, release } = await openPostgres(postgres.url);
    return {
      store,
      // the page shows it to anybody: not where the folder is
      removal:
        "stop the server and delete its data folder (EVT_DATA_DIR, or else .data); that removes all events.",
      release: async () => {
        await release();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    if (!(error instanceof StartError)) throw error;
    const way = `delete the folder ${dataDir} to begin anew, without its events`;
    throw new StartError(`${error.message}\n${way}`, { cause: error });
  }
}
