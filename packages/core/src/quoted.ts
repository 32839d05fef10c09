const MOST = 60;

/**
 * Returns a form of the value for messages. Long strings are truncated; arrays, objects and functions are only named.
 */
export function quoted(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
