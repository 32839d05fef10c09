import { checkKnown, checkWhole } from "@evt/core/adapter";
import type { PgPool } from "@evt/store-postgres";
import { repeat } from "@evt/store-postgres/internal";
import type PgBoss from "pg-boss";
import { type Delivery, deliver } from "./deliver.js";
import { checkEndpoints, type Endpoint } from "./endpoint.js";
import { type Job, jobsOver, queueOf } from "./queues.js";
import { type Attempts, relay } from "./relay.js";
import { type SchemaNames, schemaNames } from "./schema-names.js";
import { listUndelivered, markGivenUp, resendGivenUp } from "./undelivered.js";
import type { Undelivered, Webhooks, WebhooksOptions } from "./webhooks.js";

const OPTIONS: readonly (keyof WebhooksOptions)[] = [
  "pool",
  "endpoints",
  "schema",
  "onError",
  "fetch",
  "timeoutMs",
  "attempts",
  "retryDelayS",
  "pollMs",
];

const TIMERS = {
  setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
};

/**
 * Creates webhooks that notify your endpoints about parked events. Run `migrateWebhooks` with the same endpoints first.
 * Nothing is sent before `start`.
 *
 * @throws TypeError if an option is unknown or invalid
 *
 * @example
 * ```ts
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const endpoints = [{ name: "ops", url: "https://ops.example.com/evt", secret: process.env.OPS_SECRET ?? "" }];
 * await migrateWebhooks(pool, { endpoints });
 *
 * const webhooks = createWebhooks({ pool, endpoints, onError: console.error });
 * webhooks.start();
 * // before the process exits
 * await webhooks.stop();
 * ```
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  checkKnown("createWebhooks", options, OPTIONS);
  const { pool, endpoints, timeoutMs = 15_000, attempts = 12, retryDelayS = 5, pollMs = 1_000 } = options;
  if (typeof pool?.connect !== "function")
    throw new TypeError("createWebhooks needs a pool, such as new pg.Pool()");
  checkEndpoints(endpoints);
  checkWhole("timeoutMs", timeoutMs, 1);
  checkWhole("attempts", attempts, 1);
  checkWhole("retryDelayS", retryDelayS, 0);
  checkWhole("pollMs", pollMs, 1);
  return new PostgresWebhooks(options, {
    attempts,
    retryDelayS,
    // the maximum time for the response, and some more time for the database
    expireS: Math.ceil(timeoutMs / 1_000) + Math.ceil(timeoutMs / 5_000) + 1,
  });
}

class PostgresWebhooks implements Webhooks {
  readonly #pool: PgPool;
  readonly #endpoints: readonly Endpoint[];
  readonly #names: SchemaNames;
  readonly #jobs: PgBoss;
  readonly #attempts: Attempts;
  readonly #delivery: Delivery;
  readonly #pollMs: number;
  readonly #onError: (error: unknown) => void;
  #stops: readonly (() => Promise<void>)[] = [];

  constructor(options: WebhooksOptions, attempts: Attempts) {
    const { pool, endpoints, schema, timeoutMs = 15_000, pollMs = 1_000, onError } = options;
    this.#pool = pool;
    this.#endpoints = endpoints;
    this.#names = schemaNames(schema);
    this.#jobs = jobsOver(pool, this.#names.jobs);
    this.#attempts = attempts;
    this.#pollMs = pollMs;
    const send = options.fetch ?? globalThis.fetch;
    this.#delivery = { pool, names: this.#names, jobs: this.#jobs, fetch: send, timeoutMs };
    this.#onError = (error) => ignoringErrors(() => onError?.(error));
  }

  start(): void {
    if (this.#stops.length > 0) return;
    this.#pool.on("error", this.#onError);
    const turns = [
      () => this.#relayAndMaintain(),
      ...this.#endpoints.map((endpoint) => () => this.#send(endpoint)),
    ];
    this.#stops = turns.map((turn) => repeat(this.#pollMs, TIMERS, () => this.#reportingErrors(turn)));
  }

  async stop(): Promise<void> {
    const stops = this.#stops;
    await Promise.all(stops.map((stop) => stop()));
    if (stops !== this.#stops || stops.length === 0) return;
    this.#stops = [];
    this.#pool.removeListener("error", this.#onError);
  }

  undelivered(): Promise<readonly Undelivered[]> {
    return listUndelivered(this.#pool, this.#names);
  }

  resend(messageIds: readonly string[]): Promise<number> {
    return resendGivenUp(this.#pool, this.#names, this.#jobs, messageIds, this.#attempts);
  }

  async #reportingErrors(turn: () => Promise<boolean>): Promise<boolean> {
    try {
      return await turn();
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }

  async #relayAndMaintain(): Promise<boolean> {
    const more = await relay(this.#pool, this.#names, this.#jobs, this.#endpoints, this.#attempts);
    await this.#jobs.maintain();
    return (await markGivenUp(this.#pool, this.#names, this.#jobs)) || more;
  }

  async #send(endpoint: Endpoint): Promise<boolean> {
    const batchSize = endpoint.concurrency ?? 5;
    const taken = await this.#jobs.fetch<Job>(queueOf(endpoint.name), { batchSize });
    const sent = taken.map((job) => deliver(this.#delivery, endpoint, job).catch(this.#onError));
    await Promise.all(sent);
    return taken.length === batchSize;
  }
}

function ignoringErrors(callback: () => void): void {
  try {
    callback();
  } catch {
    // a listener's errors must not affect delivery
  }
}
