import { quoted } from "./quoted.js";

/** Options of type `T`, each of which may be absent or `undefined`. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Returns the defaults, overridden by the members of `given` that are not `undefined`. */
export function withDefaults<T extends object>(defaults: T, given: Optional<T> = {}): T {
  const members = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(members) as Partial<T>) };
}

/**
 * Checks that `options` is an object with known members only, so that a misspelled option is not ignored.
 * @throws TypeError; for a misspelled option, the message suggests the intended one
 */
export function checkKnown(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} takes an object of options, not ${quoted(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const intended = closest(key, known);
    const hint =
      intended === undefined ? `the options are ${known.join(", ")}` : `did you mean ${quoted(intended)}?`;
    throw new TypeError(`${what} has no option ${quoted(key)}; ${hint}`);
  }
}

/** @throws TypeError unless `value` is absent or a whole number from `least` to `most` */
export function checkWhole(
  what: string,
  value: unknown,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (value === undefined) return;
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new TypeError(`${what} is ${quoted(value)}; it must be a whole number ${range}`);
}

/** @throws TypeError unless `value` is absent or one of `allowed` */
export function checkOneOf(what: string, value: unknown, allowed: readonly (string | boolean)[]): void {
  if (value === undefined || allowed.includes(value as string | boolean)) return;
  throw new TypeError(`${what} is ${quoted(value)}; it must be one of ${allowed.map(quoted).join(", ")}`);
}

/** @throws TypeError unless `value` is absent or a function */
export function checkFunction(what: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new TypeError(`${what} is ${quoted(value)}; it must be a function`);
}

/** @throws TypeError unless `value` is absent or a boolean */
export function checkFlag(what: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(`${what} is ${quoted(value)}; it must be true or false`);
}

function closest(key: string, known: readonly string[]): string | undefined {
  const ranked = known.map((each) => ({
    each,
    distance: editDistance(key.toLowerCase(), each.toLowerCase()),
  }));
  const best = ranked.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(key.length / 3))
    ? best.each
    : undefined;
}

/** Returns the Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
