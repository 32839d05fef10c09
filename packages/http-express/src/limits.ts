import { rejectUnknown } from "./known-options.js";

/** How much one request may bring, and all of them together. */
export interface RequestLimits {
  /** Bytes of a body, inflated. @defaultValue 5 MiB */
  readonly bytes?: number;
  /** Events in an array. @defaultValue 1,000 */
  readonly events?: number;
  /** Nesting of an event. @defaultValue 64 */
  readonly depth?: number;
  /** Members of objects and elements of arrays in an event, all in all. @defaultValue 10,000 */
  readonly members?: number;
  /** How long a client may take to send a body, in milliseconds. @defaultValue 30,000 */
  readonly bodyMs?: number;
  /** Bytes of bodies above 64 KiB that are held at once; more are refused with 503. @defaultValue 16 MiB */
  readonly bytesAtOnce?: number;
  /** Requests under way at once; more are refused with 503. @defaultValue 1,000 */
  readonly requests?: number;
}

const MIB = 1024 * 1024;

const DEFAULTS: Required<RequestLimits> = {
  bytes: 5 * MIB,
  events: 1_000,
  depth: 64,
  members: 10_000,
  bodyMs: 30_000,
  bytesAtOnce: 16 * MIB,
  requests: 1_000,
};

/** @throws TypeError */
export function requestLimits(given: RequestLimits = {}): Required<RequestLimits> {
  rejectUnknown(given, Object.keys(DEFAULTS), "limits");
  const limits = { ...DEFAULTS, ...given };
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new TypeError(`limits.${name} is ${String(limit)}; it must be a positive whole number`);
    }
  }
  return limits;
}
