const MOST = 60;

/** Returns a value as it may be shown in a message: short, on one line. Never throws. */
export function quoted(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
