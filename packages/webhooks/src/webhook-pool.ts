/** What is needed of `pg`, by shape: any version and any copy of it fits. */
export interface WebhookPool {
  connect(): Promise<WebhookClient>;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

export interface WebhookClient {
  query(query: WebhookQuery): Promise<{ readonly rows: Row[]; readonly command?: string }>;
  /** With `true` the connection is closed instead of going back to the pool. */
  release(destroy?: Error | boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

export interface WebhookQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly types?: { getTypeParser(oid: number): (value: unknown) => unknown };
}

export type Row = Record<string, unknown>;
export type Ask = (text: string, values?: unknown[]) => Promise<Row[]>;

const JSONB = 3802;
/** Every value as Postgres prints it but `jsonb`, whatever type parsers the host has set. */
const types: NonNullable<WebhookQuery["types"]> = {
  getTypeParser: (oid) => (oid === JSONB ? (value) => JSON.parse(String(value)) : String),
};

/** `pg`'s own pool, and a wrapper that passes events on. */
interface ClientEmitter {
  on(event: "connect", listener: (client: WebhookClient) => void): unknown;
  removeListener(event: "connect", listener: (client: WebhookClient) => void): unknown;
}

/** A pool lets go of a client before whoever borrows it can listen: one that is ended as it is made is heard so. */
function hear(client: WebhookClient): void {
  client.on("error", ignore);
}

function ignore(): void {}

/** Does `work` on one connection; on any failure the connection goes, and what was not committed with it. */
export async function onConnection<T>(pool: WebhookPool, work: (ask: Ask) => Promise<T>): Promise<T> {
  const emitter = pool as unknown as Partial<ClientEmitter>;
  emitter.on?.("connect", hear);
  const client = await pool.connect().finally(() => emitter.removeListener?.("connect", hear));
  // Between two queries a lost connection is an `error` event, which unheard would end the process.
  client.on("error", ignore);
  let done = false;
  try {
    const result = await work(async (text, values) => {
      const query = values === undefined ? { text, types } : { text, values, types };
      const { rows, command } = await client.query(query);
      if (text === "commit" && command === "ROLLBACK") throw new Error("the transaction was rolled back");
      return rows;
    });
    done = true;
    return result;
  } finally {
    client.release(!done);
    if (done) client.removeListener("error", ignore);
  }
}

/**
 * Does `work` in a transaction that sees what others commit while it waits.
 * @throws Error where the commit was a rollback: a statement had failed, and whoever sent it kept that to himself
 */
export function inTransaction<T>(pool: WebhookPool, work: (ask: Ask) => Promise<T>): Promise<T> {
  return onConnection(pool, async (ask) => {
    await ask("begin isolation level read committed read write");
    const result = await work(ask);
    await ask("commit");
    return result;
  });
}
