import { accountFor } from "./account.js";
import { binariesFor } from "./binaries.js";
import { ensureCluster } from "./cluster.js";
import { freePort } from "./free-port.js";
import { type Home, homeIn, lastingHome, passwordOf, release, temporaryHome } from "./home.js";
import { endLeftover, sweepTemporary } from "./leftover.js";
import { Server, type ServerRequest } from "./server.js";
import { Watchdog } from "./watchdog.js";

export interface LocalPostgresOptions {
  /** Where the data stays from one start to the next. Without it, a temporary folder that is gone after `stop`. */
  readonly dataDir?: string;
  /** @defaultValue a free one, another each time */
  readonly port?: number;
  /** Postgres settings by name. Without them, everything is as Postgres ships: `fsync` and `synchronous_commit` on. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A language, as `en-US`, whose rules text is compared by, when the data is first made. @defaultValue code points */
  readonly collation?: string;
  /** Told, in one line each, what the person at the keyboard should know. @defaultValue standard error */
  readonly onNotice?: (line: string) => void;
}

/** A running server. It listens on 127.0.0.1 only, asks for a password, and ends when this process does. */
export interface LocalPostgres {
  /** A connection string of the superuser `postgres` to the database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** The file Postgres logs to. */
  readonly log: string;
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres 18 out of an npm package, in about a second the first time and less later.
 * As root it runs as another user, and what that user could not reach is put where it can.
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

/** A free port may be taken by the time Postgres asks for it, and a killed server holds its memory a moment longer. */
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
