const MOST = 60;

/** Returns the value in a form for messages: short and on one line. Never throws. */
export function quoted(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
