import { rejectUnknown } from "./known-options.js";

/** How much one request may bring. */
export interface RequestLimits {
  /** Bytes of a body, inflated. @defaultValue 5 MiB */
  readonly bytes?: number;
  /** Events in an array. @defaultValue 1,000 */
  readonly events?: number;
  /** Nesting of an event. @defaultValue 64 */
  readonly depth?: number;
}

const DEFAULTS: Required<RequestLimits> = { bytes: 5 * 1024 * 1024, events: 1000, depth: 64 };

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
