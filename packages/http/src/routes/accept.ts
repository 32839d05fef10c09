import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/** A media type that a route can send, without parameters. */
type MediaType = `${string}/${string}`;

/** A media range (RFC 9110, section 12.5.1). Its parameters other than `q` are ignored. */
const RANGE = /^\s*([\w!#$&^.+*-]+\/[\w!#$&^.+*-]+)\s*(?:;(.*))?$/;
const WEIGHT = /(?:^|;)\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)/i;

/**
 * Returns the type that `Accept` gives the highest weight, or the first of several such types. Without the header, returns the
 * first type.
 * @throws Problem 406 if the client accepts none of the types
 */
export function acceptedType<T extends MediaType>(
  { headers }: Pick<HttpRequest, "headers">,
  types: readonly [T, ...T[]],
): T {
  const { accept } = headers;
  if (accept === undefined || accept.trim() === "") return types[0];
  const ranges = accept.split(",").flatMap(rangeOf);
  let best: T = types[0];
  let most = 0;
  for (const type of types) {
    const weight = weightOf(type, ranges);
    if (weight <= most) continue;
    best = type;
    most = weight;
  }
  if (most > 0) return best;
  const detail = `Accept is ${JSON.stringify(accept)}; this path can send ${types.join(", ")}`;
  throw new Problem(406, "EVT_NOT_ACCEPTABLE", detail);
}

interface Range {
  readonly range: string;
  readonly weight: number;
}

function rangeOf(text: string): readonly Range[] {
  const [, range, parameters = ""] = RANGE.exec(text) ?? [];
  if (range === undefined) return [];
  return [{ range: range.toLowerCase(), weight: Number(WEIGHT.exec(parameters)?.[1] ?? 1) }];
}

/** Returns the weight of the most specific range that matches the type, or 0. */
function weightOf(type: MediaType, ranges: readonly Range[]): number {
  const [main] = type.split("/");
  for (const wanted of [type, `${main}/*`, "*/*"]) {
    const found = ranges.filter(({ range }) => range === wanted);
    if (found.length > 0) return Math.max(...found.map(({ weight }) => weight));
  }
  return 0;
}
