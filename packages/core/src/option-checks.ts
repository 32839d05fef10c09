import { quoted } from "./quoted.js";

/**
 * A misspelt option is a mistake of the programmer, found at start and not in the numbers.
 * @throws TypeError that suggests the option that was meant.
 */
export function checkKnown(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${what} takes an object of options; it was given ${quoted(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const meant = closest(key, known);
    const hint =
      meant === undefined ? `the options are ${known.join(", ")}` : `did you mean ${quoted(meant)}?`;
    throw new TypeError(`${what} has no option ${quoted(key)}; ${hint}`);
  }
}

/** @throws TypeError unless `value` is absent or a whole number of at least `least`. */
export function checkWhole(what: string, value: unknown, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return;
  throw new TypeError(`${what} is ${quoted(value)}; it must be a whole number of at least ${least}`);
}

/** @throws TypeError unless `value` is absent or one of `allowed`. */
export function checkOneOf(what: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  throw new TypeError(`${what} is ${quoted(value)}; it must be one of ${allowed.map(quoted).join(", ")}`);
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

/** Levenshtein's. */
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
