import type { PgPool } from "@evt/store-postgres";
import type { Endpoint } from "./endpoint.js";

/** Delivers webhooks about parked events, each at least once. Made by `createWebhooks`. */
export interface Webhooks {
  /** Starts delivering in this process. Any number of processes may deliver at the same time. */
  start(): void;
  /** Starts no further deliveries, and resolves once the current ones have ended. */
  stop(): Promise<void>;
  /**
   * Returns the messages that were given up: all attempts failed, or the receiver responded with 410. Oldest first, at
   * most 1,000.
   */
  undelivered(): Promise<readonly Undelivered[]>;
  /**
   * Sends given-up messages again, with the same `webhook-id` and a new set of attempts. Ids of messages that
   * were not given up are ignored.
   * @returns how many messages are sent again
   */
  resend(messageIds: readonly string[]): Promise<number>;
}

/** A message that was given up. */
export interface Undelivered {
  /** The `webhook-id` that the receiver sees. */
  readonly messageId: string;
  /** The name of the endpoint. */
  readonly endpoint: string;
  /** How many events the message is about. */
  readonly events: number;
  /** When it was given up: ISO 8601, UTC. */
  readonly gaveUpAt: string;
  /** Why the last attempt failed, such as `status 500`. Contains nothing from the receiver's response body. */
  readonly lastError: string | null;
}

/** Options of `createWebhooks`. */
export interface WebhooksOptions {
  /** A pool of the store's database. It stays open: `stop` does not end it. */
  readonly pool: PgPool;
  /** The same endpoints as passed to `migrateWebhooks`. */
  readonly endpoints: readonly Endpoint[];
  /** The schema in which `migrate` and `migrateWebhooks` created the tables. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /** Called with each failed attempt and each database error. Errors that it throws are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Sends the requests. @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** How long a receiver may take to respond, in milliseconds. @defaultValue 15_000 */
  readonly timeoutMs?: number | undefined;
  /** How many times a message is sent before it is given up. @defaultValue 12 */
  readonly attempts?: number | undefined;
  /**
   * The delay before the second attempt, in seconds: a random value between this and twice this. It doubles with each
   * further attempt. A receiver can make it longer with `Retry-After`, by one day at most. 0 repeats at once.
   * @defaultValue 5
   */
  readonly retryDelayS?: number | undefined;
  /** How long to wait between two looks for new events, in milliseconds. @defaultValue 1_000 */
  readonly pollMs?: number | undefined;
}

/** Options of `migrateWebhooks`. */
export interface MigrateWebhooksOptions {
  /** All endpoints. An endpoint that is missing here gets no new events. */
  readonly endpoints: readonly Endpoint[];
  /** The store's schema. @defaultValue "evt" */
  readonly schema?: string | undefined;
}
