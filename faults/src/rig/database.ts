import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyAsStandby, type LocalPostgres, startLocalPostgres } from "@evt/local-postgres";

/**
 * A durable Postgres, with default settings unless others are given. A test can stop it immediately and start it again
 * with its data.
 */
export class Database {
  readonly #dataDir: string;
  readonly #settings: Readonly<Record<string, string>>;
  #postgres: LocalPostgres;

  private constructor(dataDir: string, settings: Readonly<Record<string, string>>, postgres: LocalPostgres) {
    this.#dataDir = dataDir;
    this.#settings = settings;
    this.#postgres = postgres;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Database> {
    const dataDir = await mkdtemp(join(tmpdir(), "evt-faults-"));
    return new Database(dataDir, settings, await startLocalPostgres({ dataDir, settings }));
  }

  /** Creates a standby with the settings of this server. Stops this server for a moment. */
  async newStandby(): Promise<Database> {
    const { port, url } = this.#postgres;
    await this.#postgres.stop();
    const dataDir = await mkdtemp(join(tmpdir(), "evt-faults-"));
    await copyAsStandby(this.#dataDir, dataDir);
    this.#postgres = await startLocalPostgres({ dataDir: this.#dataDir, port, settings: this.#settings });
    const { username, password } = new URL(url);
    const conninfo = `host=127.0.0.1 port=${port} user=${username} password=${password}`;
    const settings = { ...this.#settings, primary_conninfo: conninfo };
    return new Database(dataDir, settings, await startLocalPostgres({ dataDir, settings }));
  }

  get url(): string {
    return this.#postgres.url;
  }

  get pid(): number {
    return this.#postgres.pid;
  }

  /** Ends all processes of this server without a checkpoint, like `pg_ctl stop -m immediate`. */
  async stopAtOnce(): Promise<void> {
    const { pid } = this.#postgres;
    process.kill(pid, "SIGQUIT");
    while (isAlive(pid)) await sleep(5);
  }

  /** Kills all processes of this server, similar to a power failure. */
  async kill(): Promise<void> {
    const { pid } = this.#postgres;
    for (const each of [pid, ...childrenOf(pid)]) endNow(each);
    while (isAlive(pid)) await sleep(5);
  }

  /** Starts this server again on the same port. It then recovers all committed data. */
  async startAgain(): Promise<void> {
    const { port } = this.#postgres;
    // the process has already ended, so this only releases its folder
    await this.#postgres.stop();
    this.#postgres = await startLocalPostgres({ dataDir: this.#dataDir, port, settings: this.#settings });
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

function childrenOf(parent: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid = 0]) => pid);
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // the process has already ended
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
