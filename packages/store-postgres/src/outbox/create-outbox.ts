import { type Evt, EvtError, type PrepareOptions } from "@evt/core";
import { Connections } from "../connection/connections.js";
import type { PgPool } from "../connection/pg-pool.js";
import type { Timers } from "../connection/time-limit.js";
import { SchemaCheck } from "../migrations/schema-check.js";
import { checkKnown } from "../options/known-options.js";
import { quotedSchema } from "../options/schema-name.js";
import { checkClient, enqueue, type TransactionClient } from "./enqueue.js";
import type { DrainEveryOptions, DrainOptions, Outbox, OutboxOptions } from "./outbox.js";
import { OutboxStatements } from "./outbox-statements.js";
import { type Drained, Drainer, type PassOptions } from "./relay.js";
import { repeat } from "./repeat.js";

const OPTIONS: readonly (keyof OutboxOptions)[] = ["evt", "pool", "schema", "timeoutMs", "runtime"];
const TIMERS: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * An outbox in the database whose transactions are to decide what is counted. Make one for each evt; it needs no closing.
 * @throws TypeError where an option is unknown or cannot be meant.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  checkKnown("createOutbox", options, OPTIONS);
  const { evt, pool, schema = "evt", timeoutMs = 60_000, runtime = TIMERS } = options;
  if (typeof evt?.ingestPrepared !== "function")
    throw new TypeError("createOutbox needs an evt, as createEvt makes it");
  if (typeof pool?.connect !== "function")
    throw new TypeError("createOutbox needs a pool, such as new pg.Pool()");
  checkWhole("timeoutMs", timeoutMs);
  return new PostgresOutbox({ evt, pool, schema: quotedSchema(schema), timeoutMs, runtime });
}

class PostgresOutbox implements Outbox {
  readonly #evt: Evt;
  readonly #draining: Evt;
  readonly #pool: PgPool;
  readonly #schema: string;
  readonly #check: SchemaCheck;
  readonly #statements: OutboxStatements;
  readonly #timers: Timers;
  readonly #drainer: Drainer;
  #lastDrain: Promise<unknown> = Promise.resolve();

  constructor({ evt, pool, schema, timeoutMs, runtime: timers }: Required<OutboxOptions>) {
    this.#evt = evt;
    // A queue of its own: what is drained takes nobody's place, and one bad row fails no call that happens to go with it.
    this.#draining = evt.withStore((store) => store);
    this.#pool = pool;
    this.#schema = schema;
    this.#check = new SchemaCheck(schema);
    this.#statements = new OutboxStatements(schema);
    this.#timers = timers;
    this.#drainer = new Drainer({ timeoutMs, timers });
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

  async drain(options: DrainOptions = {}): Promise<Drained> {
    checkKnown("drain", options, ["signal", "limit"]);
    const { signal, limit = Number.POSITIVE_INFINITY } = options;
    if (limit !== Number.POSITIVE_INFINITY) checkWhole("limit", limit);
    return this.#inTurn({ signal, limit, goesOn: () => true });
  }

  drainEvery(ms: number, options: DrainEveryOptions): () => Promise<void> {
    checkWhole("ms", ms);
    checkKnown("drainEvery", options, ["onError", "onDrained"]);
    const { onError, onDrained } = options;
    if (typeof onError !== "function")
      throw new TypeError("drainEvery needs onError, to tell why a drain failed");
    let stopped = false;
    const pass: PassOptions = { signal: undefined, limit: Number.POSITIVE_INFINITY, goesOn: () => !stopped };
    const turn = async () => {
      try {
        const drained = await this.#inTurn(pass);
        if (Object.values(drained).some((count) => count > 0)) quietly(() => onDrained?.(drained));
      } catch (error) {
        quietly(() => onError(error));
      }
      return false;
    };
    const stop = repeat(ms, this.#timers, turn);
    return () => {
      stopped = true;
      return stop();
    };
  }

  /** One at a time: several would hold connections that their own inserts wait for. */
  #inTurn(pass: PassOptions): Promise<Drained> {
    const drain = this.#lastDrain.then(() => this.#pass(pass));
    this.#lastDrain = drain.catch(() => undefined);
    return drain;
  }

  async #pass(pass: PassOptions): Promise<Drained> {
    const connections = new Connections(this.#pool, this.#check);
    try {
      return await this.#drainer.pass(pass, {
        evt: this.#draining,
        connections,
        statements: this.#statements,
      });
    } catch (error) {
      if (pass.signal?.aborted !== true) throw error;
      throw new EvtError("EVT_ABORTED", "the caller gave up; what was not counted stays enqueued", {
        cause: error,
      });
    } finally {
      void connections.close();
    }
  }
}

/** What a listener throws is its own affair. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // Nothing depends on it.
  }
}

function checkWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new TypeError(`${name} is ${String(value)}; it must be a whole number of at least 1`);
}
