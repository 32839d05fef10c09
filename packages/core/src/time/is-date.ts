/**
 * Returns whether a value is a `Date`, even from another realm. `node:util/types` has the same function, but browsers
 * lack it.
 */
export function isDate(value: unknown): value is Date {
  if (typeof value !== "object" || value === null) return false;
  try {
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}
