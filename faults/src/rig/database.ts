import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LocalPostgres, startLocalPostgres } from "@evt/local-postgres";

/** A Postgres as it ships, durable, that can be stopped at once and started again where it was. */
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

  get url(): string {
    return this.#postgres.url;
  }

  get pid(): number {
    return this.#postgres.pid;
  }

  /** Ends every process of it without a checkpoint, as `pg_ctl stop -m immediate` does. */
  async stopAtOnce(): Promise<void> {
    const { pid } = this.#postgres;
    process.kill(pid, "SIGQUIT");
    while (isAlive(pid)) await sleep(5);
  }

  /** Starts it again on the same port, which recovers what was committed. */
  async startAgain(): Promise<void> {
    const { port } = this.#postgres;
    // it has ended; what it held is let go
    await this.#postgres.stop();
    this.#postgres = await startLocalPostgres({ dataDir: this.#dataDir, port, settings: this.#settings });
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
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
