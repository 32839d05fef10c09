/** Returns whether a value is a `Date`, also one of another realm. `node:util/types` has the same, but browsers lack it. */
export function isDate(value: unknown): value is Date {
  if (typeof value !== "object" || value === null) return false;
  try {
    Date.prototype.getTime.call(value);
    return true;
  } catch {
    return false;
  }
}
