import { resolve } from "node:path";
import type { Store } from "@evt/core";
import { startLocalPostgres } from "@evt/local-postgres";
import { MemoryStore } from "@evt/store-memory";
import { openPostgres } from "./open-postgres.js";
import { StartError, type StoreSettings } from "./settings.js";

export interface OpenStore {
  readonly store: Store;
  /** Instructions for a user to remove all data from the store. */
  readonly removal: string;
  /** Closes the store's pool, and stops the embedded Postgres, if there is one. Close the store first. */
  release(): Promise<void>;
}

/** Opens the store that the settings select. @throws StartError if the database cannot be used */
export async function openStore(settings: StoreSettings): Promise<OpenStore> {
  switch (settings.kind) {
    case "memory":
      return {
        store: new MemoryStore(),
        removal: "stop the server: this store is only in memory.",
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
    const ways = "set EVT_STORE=memory to run without it, or DATABASE_URL to use your own";
    throw new StartError(`Postgres does not start in ${dataDir}: ${cause.message}\n${ways}`, { cause });
  });
  try {
    const { store, release } = await openPostgres(postgres.url);
    return {
      store,
      // every user sees this text on the page, so it does not contain the folder's path
      removal:
        "stop the server and delete its data folder (EVT_DATA_DIR, by default .data); that removes all events.",
      release: async () => {
        await release();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    if (!(error instanceof StartError)) throw error;
    const way = `delete the folder ${dataDir} to start without its events`;
    throw new StartError(`${error.message}\n${way}`, { cause: error });
  }
}
