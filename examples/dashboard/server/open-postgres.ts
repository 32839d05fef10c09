import type { Store } from "@evt/core";
import { checkDurability, maintain, migrate, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { logError } from "./log-error.js";
import { StartError } from "./settings.js";

const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** Postgres cancels a statement after this time, because no caller waits longer. */
const STATEMENT_TIMEOUT_MS = 15_000;
/**
 * The interval between runs of `maintain`. The runs are optional, but they do work that other calls would have to do.
 */
const MAINTAIN_MS = 60_000;

export interface OpenPostgres {
  readonly store: Store;
  release(): Promise<void>;
}

/** Opens a pool and migrates the schema. @throws StartError if the database cannot be used */
export async function openPostgres(url: string): Promise<OpenPostgres> {
  const pool = poolOf(url);
  // without a listener, the error of a broken idle connection would end the process; the pool replaces this connection itself
  pool.on("error", () => {});
  try {
    await migrate(pool);
    for (const { message } of await checkDurability(pool)) console.warn(`evt: ${message}`);
    const maintaining = setInterval(() => void maintain(pool).catch(logError), MAINTAIN_MS);
    const release = async () => {
      clearInterval(maintaining);
      await pool.end();
    };
    return { store: new PostgresStore({ pool }), release };
  } catch (error) {
    await pool.end();
    throw new StartError(`the database ${placeOf(url)} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

function poolOf(url: string): pg.Pool {
  if (!URL.canParse(url)) throw new StartError("DATABASE_URL is not a connection string (postgresql://…)");
  return new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: "evt-dashboard",
  });
}

/** Returns the database's name and host, without the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${pathname.slice(1) || "(default)"} at ${host || "(default)"}`;
}

/** Returns an error's message. For a host with several addresses, Node throws an AggregateError without a message. */
function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first instanceof Error ? first.message : String(first);
}
