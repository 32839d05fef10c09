import { givenTextProblem } from "./normalize/text.js";
import { quoted } from "./quoted.js";

/** Returns `false` for a string: it is iterable, but passing one is almost certainly a mistake. */
export function isIterable(source: unknown): boolean {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

/** @throws TypeError unless `values` is absent or an array with one item for each raw event */
export function checkOnePerEvent(
  name: string,
  values: readonly unknown[] | undefined,
  raws: readonly unknown[],
): void {
  if (values === undefined || (Array.isArray(values) && values.length === raws.length)) return;
  throw new TypeError(`${name} must be an array with one item for each of the ${raws.length} events`);
}

/** @throws TypeError unless `unwrap` is absent, a function or a string that is not empty */
export function checkUnwrap(unwrap: unknown): void {
  if (unwrap === undefined || typeof unwrap === "function" || (typeof unwrap === "string" && unwrap !== ""))
    return;
  throw new TypeError(`unwrap is ${quoted(unwrap)}; it must be a path or a function`);
}

/** @throws TypeError unless `value` is absent, or valid as a client id or key */
export function checkString(name: string, value: string | undefined): void {
  const problem = value === undefined ? undefined : givenTextProblem(value, name);
  if (problem !== undefined) throw new TypeError(problem);
}
