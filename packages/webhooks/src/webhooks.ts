import type { PgPool } from "@evt/store-postgres";
import type { Endpoint } from "./endpoint.js";

/** Delivers webhooks about parked events. Created by `createWebhooks`. */
export interface Webhooks {
  /** Starts delivering in this process. Any number of processes may deliver at the same time. */
  start(): void;
  /** Does not start further deliveries, and resolves when the current deliveries have ended. */
  stop(): Promise<void>;
  /**
   * Returns at most 1,000 given-up messages, oldest first. evt gives up a message if all attempts failed or the
   * receiver responded with 410.
   */
  undelivered(): Promise<readonly Undelivered[]>;
  /**
   * Sends given-up messages again, with the same `webhook-id` and a new set of attempts. Ignores IDs of messages that
   * were not given up.
   * @returns the number of messages that are sent again
   */
  resend(messageIds: readonly string[]): Promise<number>;
}

/** A message that evt gave up. */
export interface Undelivered {
  /** The `webhook-id` that the receiver sees. */
  readonly messageId: string;
  /** The name of the endpoint. */
  readonly endpoint: string;
  /** The number of events in the message. */
  readonly events: number;
  /** The time at which evt gave up the message, in ISO 8601 and UTC. */
  readonly gaveUpAt: string;
  /**
   * The reason why the last attempt with a result failed, such as `status 500`. Never contains text from the response
   * body.
   */
  readonly lastError: string | null;
}

/** Options of `createWebhooks`. */
export interface WebhooksOptions {
  /** A pool for the store's database. `stop` does not end it. */
  readonly pool: PgPool;
  /** The same endpoints as passed to `migrateWebhooks`. */
  readonly endpoints: readonly Endpoint[];
  /** The schema in which `migrate` and `migrateWebhooks` created the tables. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /** Called with an error for each failed attempt, and with each database error. Errors of the listener are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Sends the requests. @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof fetch | undefined;
  /** Maximum time for a receiver to respond, in milliseconds. @defaultValue 15_000 */
  readonly timeoutMs?: number | undefined;
  /** Maximum number of attempts to send a message before evt gives it up. @defaultValue 12 */
  readonly attempts?: number | undefined;
  /**
   * The delay before the second attempt, in seconds. The actual delay is a random value between this number and twice this
   * number, and doubles with each further attempt. A receiver can request a longer delay with `Retry-After`, up to one day.
   * With 0, evt retries immediately, unless the receiver requests a delay.
   * @defaultValue 5
   */
  readonly retryDelayS?: number | undefined;
  /**
   * The pause between two searches for new events, in milliseconds. While there is more work, there is no pause.
   * @defaultValue 1_000
   */
  readonly pollMs?: number | undefined;
}

/** Options of `migrateWebhooks`. */
export interface MigrateWebhooksOptions {
  /** All endpoints. An endpoint that is missing here gets no new events. */
  readonly endpoints: readonly Endpoint[];
  /** The store's schema. @defaultValue "evt" */
  readonly schema?: string | undefined;
}
