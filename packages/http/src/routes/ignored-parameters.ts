import { quoted } from "@evt/core/adapter";
import * as queries from "./queries.js";
import { OTHER_NAMES } from "./read-query.js";

/** The parameters of all routes. */
const TAKEN: ReadonlySet<string> = new Set([
  ...Object.values(queries).flatMap(({ shape }) => Object.keys(shape)),
  ...OTHER_NAMES.keys(),
]);

/**
 * Returns a function that removes the named parameters from a URL, even if their names are percent-encoded.
 * @throws TypeError if a name is not a string, or is the name of a route's own parameter
 */
export function withoutParameters(names: readonly string[] = []): (url: string) => string {
  if (!Array.isArray(names))
    throw new TypeError(`ignoredParameters is ${quoted(names)}; it must be an array`);
  for (const name of names) checkName(name);
  if (names.length === 0) return (url) => url;
  return (url) => {
    const mark = url.indexOf("?");
    if (mark === -1) return url;
    const parameters = new URLSearchParams(url.slice(mark));
    for (const name of names) parameters.delete(name);
    return `${url.slice(0, mark)}?${parameters}`;
  };
}

function checkName(name: unknown): void {
  if (typeof name !== "string" || name === "")
    throw new TypeError(`ignoredParameters has ${quoted(name)}; give names of query parameters`);
  if (TAKEN.has(name))
    throw new TypeError(`ignoredParameters has ${quoted(name)}, which a route takes; rename your parameter`);
}
