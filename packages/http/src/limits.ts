import { checkKnown, checkWhole, withDefaults } from "@evt/core/adapter";

/**
 * Limits of one request, and of all requests together. Tenants share `bytesAtOnce`, `responseBytesAtOnce` and `requests`.
 * A tenant may hold at most as much as it leaves free for other tenants. Exception: a tenant's only request, body or response
 * may use everything that is free.
 */
export interface RequestLimits {
  /** Maximum size of a body in bytes, as sent and after decompression. A larger body is refused with 413. @defaultValue 5 MiB */
  readonly bytes?: number | undefined;
  /**
   * Maximum size of a body of NDJSON in bytes, after decompression. The stream ends at this limit. `bytes` limits each line.
   * @defaultValue 1 GiB
   */
  readonly streamBytes?: number | undefined;
  /** Maximum number of events in an array. A longer array is refused with 413. @defaultValue 1,000 */
  readonly events?: number | undefined;
  /** Maximum number of nesting levels of an event. A deeper event is refused with 400. @defaultValue 64 */
  readonly depth?: number | undefined;
  /**
   * Maximum number of object members and array elements in an event, on all levels. An event with more is refused with 413.
   * A repeated key counts each time.
   * @defaultValue 10,000
   */
  readonly members?: number | undefined;
  /** Maximum time to receive a body, in milliseconds. A slower request is refused with 408. @defaultValue 30,000 */
  readonly bodyMs?: number | undefined;
  /** Maximum time that a body may stall or fall behind `bytesPerSecond`, in milliseconds. A slower request is refused with 408. @defaultValue 5,000 */
  readonly bodyStallMs?: number | undefined;
  /** Total memory for bodies larger than 64 KiB, in bytes. A request whose body does not fit is refused with 503. @defaultValue 16 MiB */
  readonly bytesAtOnce?: number | undefined;
  /** Maximum time for a client to receive a response, in milliseconds. The connection of a slower client is closed. @defaultValue 60,000 */
  readonly responseMs?: number | undefined;
  /** Maximum time that a response may stall or fall behind `bytesPerSecond`, in milliseconds. The connection of a slower client is closed. @defaultValue 15,000 */
  readonly responseStallMs?: number | undefined;
  /** Total memory for responses that clients have not received yet, in bytes. If a response of more than 64 KiB does not fit, its request gets a 503. @defaultValue 32 MiB */
  readonly responseBytesAtOnce?: number | undefined;
  /** Minimum rate of bodies and responses, in bytes per second. @defaultValue 16 KiB */
  readonly bytesPerSecond?: number | undefined;
  /** Maximum number of requests in progress. Further requests are refused with 503. @defaultValue 1,000 */
  readonly requests?: number | undefined;
  /** Maximum time for `authenticate`, in milliseconds. If it takes longer, the request is refused with 503. @defaultValue 10,000 */
  readonly authenticateMs?: number | undefined;
}

/** All limits. An absent limit has its default. */
export type Limits = { readonly [Name in keyof RequestLimits]-?: number };

const KIB = 1024;
const MIB = 1024 * KIB;

const DEFAULTS: Limits = {
  bytes: 5 * MIB,
  streamBytes: 1024 * MIB,
  events: 1_000,
  depth: 64,
  members: 10_000,
  bodyMs: 30_000,
  bodyStallMs: 5_000,
  bytesAtOnce: 16 * MIB,
  responseMs: 60_000,
  responseStallMs: 15_000,
  responseBytesAtOnce: 32 * MIB,
  bytesPerSecond: 16 * KIB,
  requests: 1_000,
  authenticateMs: 10_000,
};

/** Returns all limits: the given limits, and the default of each absent limit. @throws TypeError if a limit is unknown or not a positive whole number */
export function requestLimits(given: RequestLimits = {}): Limits {
  checkKnown("limits", given, Object.keys(DEFAULTS));
  for (const [name, limit] of Object.entries(given)) checkWhole(`limits.${name}`, limit, 1);
  return withDefaults(DEFAULTS, given);
}
