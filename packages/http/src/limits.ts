import { rejectUnknown } from "./known-options.js";

/**
 * How much one request may bring, and all of them together. What is held at once (`bytesAtOnce`, `answerBytesAtOnce`,
 * `requests`) is shared by tenants: none may hold more than it leaves free.
 */
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
  /** How long a body may stand still, or lag behind `bytesPerSecond`, in milliseconds. @defaultValue 5,000 */
  readonly bodyStallMs?: number;
  /** Bytes of bodies above 64 KiB that are held at once; more are refused with 503. @defaultValue 16 MiB */
  readonly bytesAtOnce?: number;
  /** How long a client may take to receive an answer, in milliseconds; then it is cut. @defaultValue 60,000 */
  readonly answerMs?: number;
  /** How long an answer may stand still, or lag behind `bytesPerSecond`, in milliseconds. @defaultValue 15,000 */
  readonly answerStallMs?: number;
  /** Bytes of answers that wait for their clients at once; more are refused with 503. @defaultValue 32 MiB */
  readonly answerBytesAtOnce?: number;
  /** The least rate of bodies and answers, in bytes per second. @defaultValue 16 KiB */
  readonly bytesPerSecond?: number;
  /** Requests under way at once; more are refused with 503. @defaultValue 1,000 */
  readonly requests?: number;
  /** How long `authenticate` may take, in milliseconds; then the request is answered 503. @defaultValue 10,000 */
  readonly authenticateMs?: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

const DEFAULTS: Required<RequestLimits> = {
  bytes: 5 * MIB,
  events: 1_000,
  depth: 64,
  members: 10_000,
  bodyMs: 30_000,
  bodyStallMs: 5_000,
  bytesAtOnce: 16 * MIB,
  answerMs: 60_000,
  answerStallMs: 15_000,
  answerBytesAtOnce: 32 * MIB,
  bytesPerSecond: 16 * KIB,
  requests: 1_000,
  authenticateMs: 10_000,
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
