import { quoted } from "../quoted.js";
import { cutToMicros } from "./exact-timestamp.js";
import { readIso8601 } from "./iso-8601.js";

/**
 * Returns the canonical timestamp of an option that is ISO 8601. A time without an offset is in UTC.
 * @throws TypeError if the value is not ISO 8601
 */
export function isoInstant(what: string, value: unknown): string {
  const instant =
    typeof value === "string" ? readIso8601(value, { timeZone: "UTC", repeatedLocalTime: "reject" }) : null;
  if (typeof instant === "string") return cutToMicros(instant);
  throw new TypeError(
    `${what} is ${quoted(value)}; it must be a date or time such as "1990-01-01" or "1990-01-01T00:00:00Z"`,
  );
}
