import { type Evt, EvtError, type PrepareOptions } from "@evt/core";
import { checkKnown, checkWhole } from "@evt/core/adapter";
import { Connections } from "../connection/connections.js";
import type { PgPool } from "../connection/pg-pool.js";
import { SchemaCheck } from "../migrations/schema-check.js";
import { callListener } from "../options/call-listener.js";
import { quotedSchema } from "../options/schema-name.js";
import { repeat } from "../time/repeat.js";
import { hostTimers, type Timers } from "../time/timers.js";
import { checkClient, enqueue, type TransactionClient } from "./enqueue.js";
import type { Outbox, OutboxOptions, RelayEveryOptions, RelayOptions } from "./outbox.js";
import { OutboxStatements } from "./outbox-statements.js";
import { type PassOptions, Relay, type Relayed } from "./relay.js";

const OPTIONS = Object.keys({
  evt: true,
  pool: true,
  schema: true,
  timeoutMs: true,
  runtime: true,
} satisfies Record<keyof OutboxOptions, true>);
const RELAY_OPTIONS = Object.keys({ signal: true, limit: true } satisfies Record<keyof RelayOptions, true>);
const RELAY_EVERY_OPTIONS = Object.keys({ onError: true, onRelayed: true } satisfies Record<
  keyof RelayEveryOptions,
  true
>);

/**
 * Creates an outbox. The application enqueues events in its own transaction, and a relay counts them after the commit.
 * Create one outbox for each evt. An outbox does not have to be closed.
 * @throws TypeError if an option is unknown or invalid
 * @example
 * ```ts
 * const outbox = createOutbox({ evt, pool });
 *
 * await client.query("begin");
 * await client.query("insert into orders (id, total) values (17, 12.50)");
 * await outbox.enqueue(client, "acme", [{ client: "shop", metric: "order", amount: "12.50", eventId: "order-17" }]);
 * await client.query("commit");
 *
 * const stop = outbox.relayEvery(1_000, { onError: console.error });
 * ```
 */
export function createOutbox(options: OutboxOptions): Outbox {
  checkKnown("createOutbox", options, OPTIONS);
  const { evt, pool, schema = "evt", timeoutMs = 60_000, runtime = hostTimers } = options;
  if (typeof evt?.ingestPrepared !== "function")
    throw new TypeError("createOutbox needs an evt made by createEvt");
  if (typeof pool?.connect !== "function")
    throw new TypeError("createOutbox needs a pool, such as new pg.Pool()");
  checkWhole("timeoutMs", timeoutMs, 1);
  return new PostgresOutbox({ evt, pool, schema: quotedSchema(schema), timeoutMs, runtime });
}

/** The options with their defaults. */
type Settings = { readonly [Name in keyof OutboxOptions]-?: NonNullable<OutboxOptions[Name]> };

class PostgresOutbox implements Outbox {
  readonly #evt: Evt;
  readonly #relayEvt: Evt;
  readonly #pool: PgPool;
  readonly #schema: string;
  readonly #check: SchemaCheck;
  readonly #statements: OutboxStatements;
  readonly #timers: Timers;
  readonly #relay: Relay;
  #lastPass: Promise<unknown> = Promise.resolve();

  constructor({ evt, pool, schema, timeoutMs, runtime: timers }: Settings) {
    this.#evt = evt;
    // The relay has its own queue. So its events do not fill the queue of other calls, and its bad rows do not make
    // the inserts of other calls fail.
    this.#relayEvt = evt.withStore((store) => store);
    this.#pool = pool;
    this.#schema = schema;
    this.#check = new SchemaCheck(schema);
    this.#statements = new OutboxStatements(schema);
    this.#timers = timers;
    this.#relay = new Relay({ timeoutMs, timers });
  }

  async enqueue(
    client: TransactionClient,
    tenantId: string,
    events: readonly unknown[],
    options: PrepareOptions = {},
  ): Promise<readonly string[]> {
    checkClient(client, this.#pool);
    const prepared = this.#evt.tenant(tenantId).prepare(events, options);
    if (prepared.length > 0) await enqueue(this.#schema, client, prepared);
    return prepared.map(({ record }) => record.id);
  }

  async relay(options: RelayOptions = {}): Promise<Relayed> {
    checkKnown("relay", options, RELAY_OPTIONS);
    const { signal, limit = Number.POSITIVE_INFINITY } = options;
    if (limit !== Number.POSITIVE_INFINITY) checkWhole("limit", limit, 1);
    return this.#inTurn({ signal, limit, goesOn: () => true });
  }

  relayEvery(ms: number, options: RelayEveryOptions): () => Promise<void> {
    checkWhole("ms", ms ?? null, 1);
    checkKnown("relayEvery", options, RELAY_EVERY_OPTIONS);
    const { onError, onRelayed } = options;
    if (typeof onError !== "function")
      throw new TypeError("relayEvery needs onError, which receives the errors of the relay");
    let stopped = false;
    const pass: PassOptions = { signal: undefined, limit: Number.POSITIVE_INFINITY, goesOn: () => !stopped };
    const turn = async () => {
      try {
        const relayed = await this.#inTurn(pass);
        if (Object.values(relayed).some((count) => count > 0)) callListener(() => onRelayed?.(relayed));
      } catch (error) {
        callListener(() => onError(error));
      }
      return false;
    };
    const stop = repeat(ms, this.#timers, turn);
    return () => {
      stopped = true;
      return stop();
    };
  }

  /**
   * Runs the passes one after the other. Concurrent passes could use all connections of the pool, and their own
   * inserts would then have none.
   */
  #inTurn(pass: PassOptions): Promise<Relayed> {
    const turn = this.#lastPass.then(() => this.#pass(pass));
    this.#lastPass = turn.catch(() => undefined);
    return turn;
  }

  async #pass(pass: PassOptions): Promise<Relayed> {
    const connections = new Connections(this.#pool, this.#check);
    try {
      return await this.#relay.pass(pass, {
        evt: this.#relayEvt,
        connections,
        statements: this.#statements,
      });
    } catch (error) {
      if (pass.signal?.aborted !== true) throw error;
      throw new EvtError("EVT_ABORTED", "the caller aborted; events that were not counted remain enqueued", {
        cause: error,
      });
    } finally {
      void connections.close();
    }
  }
}
