import { PostgresProxy } from "@evt/postgres-proxy";
import { migrate } from "@evt/store-postgres";
import pg from "pg";
import { check, type Verdict } from "../checker/check.js";
import { type Query, storedRows } from "../checker/stored-rows.js";
import type { Tally } from "../harness/tally.js";
import type { History } from "../history/history.js";
import { Traffic } from "../history/traffic.js";
import { ServerProcess, type ServerSettings } from "../server/server-process.js";
import { apiTotals } from "./api-totals.js";
import { Database } from "./database.js";

export interface RigOptions extends Pick<ServerSettings, "pool" | "requestLimits" | "http"> {
  /** Replaces the server under test. */
  readonly program?: URL;
  /** Settings of Postgres. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the server connects to Postgres through the proxy. */
  readonly viaProxy?: boolean;
  /** The number of server processes that use the database. @defaultValue 1 */
  readonly servers?: number;
}

const SCHEMA = "evt";

/** A Postgres, servers that use this Postgres, and senders. */
export class Rig {
  #database: Database;
  readonly server: ServerProcess;
  readonly #proxy: PostgresProxy | null;
  readonly #others: readonly ServerProcess[];
  readonly #histories = new Map<string, History>();
  #rounds = 0;
  #admin: pg.Pool | undefined;
  /** The URL that senders use: the server's, or a proxy's. */
  front: () => string = () => this.server.url;

  private constructor(
    database: Database,
    server: ServerProcess,
    others: readonly ServerProcess[],
    proxy: PostgresProxy | null,
  ) {
    this.#database = database;
    this.server = server;
    this.#others = others;
    this.#proxy = proxy;
  }

  static async start({
    settings,
    viaProxy = false,
    program,
    servers = 1,
    ...server
  }: RigOptions = {}): Promise<Rig> {
    const database = await Database.start(settings);
    await migrateOnce(database.url);
    const proxy = viaProxy ? await PostgresProxy.start(database.url) : null;
    const url = proxy?.url ?? database.url;
    const served = { url, schema: SCHEMA, port: 0, ...server };
    const first = await ServerProcess.start(served, program);
    const others = [];
    while (others.length < servers - 1) others.push(await ServerProcess.start(served, program));
    return new Rig(database, first, others, proxy);
  }

  get database(): Database {
    return this.#database;
  }

  /** Moves all new connections to another Postgres, including the server's connections through the proxy. */
  async moveTo(database: Database): Promise<void> {
    this.#database = database;
    this.proxy.moveTo(database.url);
    await this.#admin?.end();
    this.#admin = undefined;
  }

  /** The URL of each server. */
  get urls(): readonly string[] {
    return [this.server, ...this.#others].map(({ url }) => url);
  }

  get proxy(): PostgresProxy {
    if (this.#proxy === null) throw new Error("this rig has no proxy");
    return this.#proxy;
  }

  /**
   * Runs one round with its own tenant. Senders send during the fault. When all events have definite outcomes, checks the
   * stored events and the totals. `fault` returns the time at which the fault ended, or `null` if the recovery is not
   * measured.
   */
  async round(
    tally: Tally,
    fault: (traffic: Traffic, tenantId: string) => Promise<number | null>,
  ): Promise<void> {
    const tenantId = `round ${++this.#rounds}`;
    const traffic = new Traffic(() => ({ url: this.front(), tenantId }));
    await traffic.settled(1);
    try {
      await Promise.race([this.server.died, this.#runFault(tally, traffic, tenantId, fault)]);
    } catch (error) {
      traffic.abandon();
      throw error;
    }
    await traffic.stop();
    await this.check(tally, traffic.history, tenantId);
  }

  async #runFault(
    tally: Tally,
    traffic: Traffic,
    tenantId: string,
    fault: (traffic: Traffic, tenantId: string) => Promise<number | null>,
  ): Promise<void> {
    const endedAt = await fault(traffic, tenantId);
    if (endedAt !== null) tally.recoveredAfter(await traffic.recoveredAfter(endedAt));
  }

  async check(tally: Tally, history: History, tenantId: string): Promise<void> {
    this.#histories.set(tenantId, history);
    tally.sawMemory((await this.server.memory()).peak);
    tally.add(history, await this.#verdict(tenantId, history));
  }

  /** Checks all rounds again, because a later fault must not change the events of an earlier round. */
  async checkAgain(tally: Tally): Promise<void> {
    for (const [tenantId, history] of this.#histories) tally.judge(await this.#verdict(tenantId, history));
    const tenants = await this.admin(`select distinct tenant_id from "${SCHEMA}".event`);
    const strangers = tenants.filter(({ tenant_id: id }) => !this.#histories.has(String(id)));
    tally.expect(strangers.length === 0, `${strangers.length} tenants have events that were never sent`);
  }

  async #verdict(tenantId: string, history: History): Promise<Verdict> {
    // tried again once, because the fault may have ended the connection
    const query: Query = (text, values) => this.admin(text, values).catch(() => this.admin(text, values));
    const stored = await storedRows(query, SCHEMA, tenantId);
    return check(history, stored, await apiTotals({ url: this.server.url, tenantId }));
  }

  /** Runs a statement as superuser over one connection. */
  async admin(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    this.#admin ??= newAdmin(this.database.url);
    return (await this.#admin.query(text, values)).rows;
  }

  async stop(): Promise<void> {
    await Promise.all([this.server, ...this.#others].map((server) => server.stop()));
    await this.#admin?.end();
    await this.#proxy?.stop();
    await this.database.stop();
  }
}

function newAdmin(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 1 });
  pool.on("error", () => undefined);
  return pool;
}

async function migrateOnce(connectionString: string): Promise<void> {
  const pool = new pg.Pool({ connectionString });
  await migrate(pool, { schema: SCHEMA });
  await pool.end();
}

/** Runs `work` on a rig, and stops the rig afterwards. */
export async function onRig<T>(options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = await Rig.start(options);
  try {
    return await work(rig);
  } finally {
    await rig.stop();
  }
}
