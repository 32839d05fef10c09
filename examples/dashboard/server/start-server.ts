import { ensureFree } from "./listen.js";
import { openStore } from "./open-store.js";
import { type RunningServer, serve } from "./serve.js";
import type { Settings } from "./settings.js";

/** @throws StartError where something of the settings cannot be had */
export async function startServer(
  settings: Omit<Settings, "seed" | "allowedHosts"> & Pick<Partial<Settings>, "allowedHosts">,
): Promise<RunningServer> {
  await ensureFree(settings);
  return serve(await openStore(settings.store), settings);
}
