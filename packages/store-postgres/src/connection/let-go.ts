import { setImmediate, setTimeout } from "node:timers/promises";
import { type CancellableClient, cancellable, sendCancelRequest } from "./cancel-request.js";
import type { PgClient } from "./pg-pool.js";

/** How long a connection whose call was given up keeps its place in the pool. */
export interface Grace {
  /** For how long Postgres is asked to cancel the statement before the connection is closed. @defaultValue 5_000 */
  readonly graceMs: number;
  /** The time of one cancel request; one that is not delivered by then closes the connection. @defaultValue 2_000 */
  readonly requestMs: number;
}

export const DEFAULT_GRACE: Grace = { graceMs: 5_000, requestMs: 2_000 };

/** A request that arrives before the backend has read the statement cancels nothing, so it is repeated, each time after twice as long. */
const FIRST_PAUSE_MS = 25;

/** What was being done on a connection when its call was given up. */
export interface GivenUp {
  readonly client: PgClient;
  /** Settles once nothing more is sent: with whether the connection is as good as before. */
  readonly sound: Promise<boolean>;
  /** How the pool reaches its server, where it has its own way. */
  readonly openStream: unknown;
}

/**
 * Cancels what Postgres still does for a call that was given up, and waits until it has stopped. Until then the
 * connection must not go back to the pool, or given-up statements would exceed the pool's `max`.
 * Resolves with whether the connection may be used again. One that may not be is closed by then, if it could be.
 */
export async function letGo({ client, sound, openStream }: GivenUp, grace: Grace): Promise<boolean> {
  const own = cancellable(client);
  if (own === null) return false;
  const ending = new AbortController();
  const timeUp = setTimeout(grace.graceMs, false, { signal: ending.signal }).catch(() => false);
  try {
    const isSound = await Promise.race([
      timeUp,
      stopped(own, sound, openStream, grace.requestMs, ending.signal),
    ]);
    if (!isSound) await Promise.race([timeUp, closed(own)]);
    return isSound;
  } finally {
    ending.abort();
  }
}

async function stopped(
  client: CancellableClient,
  sound: Promise<boolean>,
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
  // Work that does not settle now waits for something else than Postgres.
  const isSound = await Promise.race([sound, setImmediate(false)]);
  return isSound && (!cancelled || (await answers(client)));
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

/** One more round trip. A cancel that a pooler forwards late cancels this one, not the statement of another call. */
async function answers(client: CancellableClient): Promise<boolean> {
  return client.query({ text: "select" }).then(
    () => true,
    () => false,
  );
}

/** Closes the connection. Postgres closes its side last, when the backend is gone. */
async function closed(client: CancellableClient): Promise<void> {
  await client.end().catch(() => undefined);
}
