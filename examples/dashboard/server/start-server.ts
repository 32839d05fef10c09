import { ensureFree } from "./listen.js";
import { openStore } from "./open-store.js";
import { type RunningServer, serve } from "./serve.js";
import type { Settings } from "./settings.js";

/** Opens the store and starts the server. @throws StartError if the port or the store cannot be used */
export async function startServer(
  settings: Omit<Settings, "seed" | "allowedHosts"> & Pick<Partial<Settings>, "allowedHosts">,
): Promise<RunningServer> {
  await ensureFree(settings);
  return serve(await openStore(settings.store), settings);
}
