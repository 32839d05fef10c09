import { setImmediate, setTimeout } from "node:timers/promises";
import { type CancellableClient, cancellable, sendCancelRequest } from "./cancel-request.js";
import type { PgClient } from "./pg-pool.js";

/** The time limits for the connection of an abandoned call. */
export interface Grace {
  /**
   * How long the store tries to cancel the statement, in milliseconds. If the statement has not stopped by then, the
   * store closes the connection.
   * @defaultValue 5_000
   */
  readonly graceMs: number;
  /**
   * The timeout of one cancel request, in milliseconds. If the request is not delivered in time, the connection is closed.
   * @defaultValue 2_000
   */
  readonly requestMs: number;
}

export const DEFAULT_GRACE: Grace = { graceMs: 5_000, requestMs: 2_000 };

/**
 * The first pause before the cancel request is repeated, in milliseconds. Each pause is twice as long as the one
 * before. A request has no effect if it arrives before the backend has read the statement, so one request may
 * not be enough.
 */
const FIRST_PAUSE_MS = 25;

/** A connection whose call was abandoned: its deadline passed or its caller aborted. */
export interface AbandonedCall {
  readonly client: PgClient;
  /** Resolves when the call will not send more statements. The value is true if the connection can be reused. */
  readonly reusable: Promise<boolean>;
  /** The pool's function that opens a stream to the server, if the pool has such a function. */
  readonly openStream: unknown;
}

/**
 * Cancels the statement of an abandoned call, if one is running, and waits until Postgres has stopped it. If the
 * connection returned to the pool earlier, more statements could run than the pool's `max` allows.
 *
 * Resolves with true if the connection can be reused. Otherwise closes the connection, if possible, and resolves with
 * false. Resolves after `graceMs` at the latest.
 */
export async function cancelAbandoned(
  { client, reusable, openStream }: AbandonedCall,
  grace: Grace,
): Promise<boolean> {
  const own = cancellable(client);
  if (own === null) return false;
  const ending = new AbortController();
  const timeUp = setTimeout(grace.graceMs, false, { signal: ending.signal }).catch(() => false);
  try {
    const isReusable = await Promise.race([
      timeUp,
      stopped(own, reusable, openStream, grace.requestMs, ending.signal),
    ]);
    if (!isReusable) await Promise.race([timeUp, closed(own)]);
    return isReusable;
  } finally {
    ending.abort();
  }
}

async function stopped(
  client: CancellableClient,
  reusable: Promise<boolean>,
  openStream: unknown,
  requestMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  let pauseMs = FIRST_PAUSE_MS;
  let cancelled = false;
  while (!client.readyForQuery) {
    if (signal.aborted || !client.connection.stream.writable) return false;
    cancelled = true;
    if (!(await sendCancelRequest(client, openStream, requestMs).catch(() => false))) return false;
    await untilReady(client, pauseMs);
    pauseMs *= 2;
  }
  // work that has not settled by now waits for something other than Postgres, so its connection is closed
  const isReusable = await Promise.race([reusable, setImmediate(false)]);
  return isReusable && (!cancelled || (await responds(client)));
}

/** Resolves when Postgres is ready for another statement, when the connection has ended, or after `ms`. */
async function untilReady(client: CancellableClient, ms: number): Promise<void> {
  if (client.readyForQuery) return;
  const pause = new AbortController();
  const end = () => pause.abort();
  client.once("drain", end);
  client.once("end", end);
  await setTimeout(ms, undefined, { signal: pause.signal }).catch(() => undefined);
  client.removeListener("drain", end);
  client.removeListener("end", end);
}

/**
 * Returns true if one more query succeeds. If a pooler forwards a cancel request late, the request cancels this query
 * instead of another call's statement.
 */
async function responds(client: CancellableClient): Promise<boolean> {
  return client.query({ text: "select" }).then(
    () => true,
    () => false,
  );
}

/**
 * Ends the connection. Resolves when Postgres has closed its side, which happens when the backend ends. Never
 * rejects.
 */
async function closed(client: CancellableClient): Promise<void> {
  await client.end().catch(() => undefined);
}
