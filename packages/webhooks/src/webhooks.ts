import type { PgPool } from "@evt/store-postgres";
import type { Endpoint } from "./endpoint.js";

/** Tells endpoints of parked events, at least once. Made by `createWebhooks`. */
export interface Webhooks {
  /** Delivers from now on, in this process. Any number of processes may. */
  start(): void;
  /** Begins nothing more, and resolves when what is under way has ended, which takes `timeoutMs` at most. */
  stop(): Promise<void>;
  /** Messages that were given up: out of attempts, or answered 410. The oldest first, 1,000 at most. */
  undelivered(): Promise<readonly Undelivered[]>;
  /** Sends given-up messages again, under the same `webhook-id` and with all attempts; answers how many there were. */
  resend(messageIds: readonly string[]): Promise<number>;
}

export interface Undelivered {
  /** What the receiver sees as `webhook-id`. */
  readonly messageId: string;
  readonly endpoint: string;
  /** How many events the message tells of. */
  readonly events: number;
  readonly gaveUpAt: string;
  /** Such as `status 500`. Never what a receiver answered. */
  readonly lastError: string | null;
}

export interface WebhooksOptions {
  /** Of the store's database. It stays the application's. */
  readonly pool: PgPool;
  readonly endpoints: readonly Endpoint[];
  /** Where `migrate` and `migrateWebhooks` made the tables. @defaultValue "evt" */
  readonly schema?: string;
  /** Told of attempts that failed and of a database that cannot be asked. What it throws is ignored. */
  readonly onError?: (error: unknown) => void;
  /** @defaultValue Node's own */
  readonly fetch?: typeof fetch;
  /** The time a receiver has to answer, in milliseconds. @defaultValue 15_000 */
  readonly timeoutMs?: number;
  /** Attempts in all. @defaultValue 12 */
  readonly attempts?: number;
  /**
   * The second attempt follows after so many seconds to twice as many, at random; each further one after twice as long.
   * With 0 every attempt follows at once. @defaultValue 5
   */
  readonly retryDelayS?: number;
  /** How often the database is asked for what is new, in milliseconds. @defaultValue 1_000 */
  readonly pollMs?: number;
}

export interface MigrateWebhooksOptions {
  /** All there are: one that is left out gets nothing more. */
  readonly endpoints: readonly Endpoint[];
  /** The store's. @defaultValue "evt" */
  readonly schema?: string;
}
