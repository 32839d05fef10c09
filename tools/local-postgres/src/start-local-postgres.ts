import { accountFor } from "./account.js";
import { binariesFor } from "./binaries.js";
import { ensureCluster } from "./cluster.js";
import { freePort } from "./free-port.js";
import { type Home, homeIn, lastingHome, passwordOf, release, temporaryHome } from "./home.js";
import { endLeftover, sweepTemporary } from "./leftover.js";
import { Server, type ServerRequest } from "./server.js";
import { Watchdog } from "./watchdog.js";

export interface LocalPostgresOptions {
  /** The data folder. Without it, the data is in a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /** @defaultValue a free port */
  readonly port?: number;
  /** Postgres settings by name. All others have Postgres's defaults: `fsync` and `synchronous_commit` are on. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * The language in which strings are compared, such as `en-US`. Used when the data is created. @defaultValue by code
   * point
   */
  readonly collation?: string;
  /** Called with lines that the user should see. @defaultValue writes to standard error */
  readonly onNotice?: (line: string) => void;
}

/** A running server. It listens only on 127.0.0.1, requires a password, and ends with this process. */
export interface LocalPostgres {
  /** The connection string of the superuser `postgres` for the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The file that Postgres logs to. */
  readonly log: string;
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres 18 from an npm package, in about a second. If started by root, it runs as another user, in
 * folders that this user can enter.
 */
export async function startLocalPostgres(options: LocalPostgresOptions = {}): Promise<LocalPostgres> {
  await sweepTemporary();
  const account = await accountFor(options.dataDir ? homeIn(options.dataDir, false).cluster : "");
  const home = options.dataDir ? await lastingHome(options.dataDir) : await temporaryHome(account);
  try {
    const notice = options.onNotice ?? ((line: string) => console.error(line));
    const binaries = await binariesFor(account, notice);
    const cluster = await ensureCluster(home, { binaries, account, collation: options.collation, notice });
    await endLeftover(cluster);
    const request = { binaries, account, cluster, log: home.log, settings: options.settings ?? {} };
    return await run(home, request, options.port);
  } catch (error) {
    await release(home);
    throw error;
  }
}

async function run(
  home: Home,
  request: Omit<ServerRequest, "port">,
  wanted: number | undefined,
): Promise<LocalPostgres> {
  const password = await passwordOf(home);
  const watchdog = new Watchdog(home, request.cluster);
  try {
    const { server, port } = await started(request, wanted, watchdog);
    return {
      url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
      port,
      pid: server.pid,
      log: home.log,
      stop: once(async () => {
        await server.stop();
        watchdog.dismiss();
        await release(home);
      }),
    };
  } catch (error) {
    watchdog.dismiss();
    throw error;
  }
}

/** Starts the server, and retries: another process may take the port, and a killed server frees its memory late. */
async function started(request: Omit<ServerRequest, "port">, wanted: number | undefined, watchdog: Watchdog) {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort());
    const server = new Server({ ...request, port });
    watchdog.guard(server.pid);
    try {
      await server.ready();
      return { server, port };
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
