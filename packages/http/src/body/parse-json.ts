import { lineAndColumn, type NotJson, readJson, TimeSlice, whyNotJson } from "@evt/core/adapter";
import { Problem } from "../problem.js";
import { type JsonOutline, type OutlineLimits, outlineInSlices, outlineJson } from "./json-outline.js";

/** The events of a body. */
export interface ParsedJson {
  readonly isArray: boolean;
  readonly values: readonly unknown[];
  readonly sources: readonly string[];
}

/** JSON text up to this many characters is parsed in one piece, which is faster. */
const PARSED_AT_ONCE = 256 * 1024;

/**
 * Parses one value or an array of values. The result equals that of `JSON.parse`, with one exception: a number whose
 * digits a double does not keep, or an integer of 2^53 or more in absolute value, becomes an `InexactNumber`.
 * @param check - Called with the outline before anything is parsed. It may throw.
 * @param parsedAtOnce - Text with more characters is parsed event by event, in time slices.
 * @param asOne - Whether an array counts as one value. If not, each element is a value.
 * @throws Problem 400 with the line and column if the text is not JSON; 400 if an event is too deep; 413 if it has too many members
 */
export function parseJson(
  text: string,
  limits: OutlineLimits,
  check: (outline: JsonOutline) => void,
  parsedAtOnce = PARSED_AT_ONCE,
  asOne = false,
): ParsedJson | Promise<ParsedJson> {
  if (text.length > parsedAtOnce) return parseInSlices(text, limits, check, asOne);
  const outline = outlineJson(text, limits, asOne);
  check(outline);
  const { isArray, sources } = outline;
  return { isArray, sources, values: parseWhole(text, outline) };
}

async function parseInSlices(
  text: string,
  limits: OutlineLimits,
  check: (outline: JsonOutline) => void,
  asOne: boolean,
): Promise<ParsedJson> {
  const slice = new TimeSlice();
  // decoding the body may already have used a whole slice
  await slice.next();
  const outline = await outlineInSlices(text, limits, slice, asOne);
  check(outline);
  const values = await parseEach(text, outline, slice);
  // the work after this call then starts with a full slice
  await slice.next();
  const { isArray, sources } = outline;
  return { isArray, sources, values };
}

function parseWhole(text: string, { isArray, sources, exactSources }: JsonOutline): readonly unknown[] {
  const value = parsed(text);
  if (value === NOT_JSON) throw notJson(text, whyNot(text));
  const values = isArray ? (value as unknown[]) : [value];
  for (const index of exactSources) values[index] = readJson(sources[index] ?? "");
  return values;
}

async function parseEach(
  text: string,
  { sources, begins, isFramed, exactSources }: JsonOutline,
  slice: TimeSlice,
): Promise<readonly unknown[]> {
  const values: unknown[] = [];
  let broken = isFramed ? -1 : Math.max(0, sources.length - 1);
  for (const [index, source] of sources.entries()) {
    if (slice.isOver || source.length > PARSED_AT_ONCE) await slice.next();
    const value = parsed(source, exactSources.has(index));
    if (value === NOT_JSON) {
      broken = index;
      break;
    }
    values.push(value);
  }
  if (broken < 0) return values;
  await slice.next();
  // the elements before `broken` are valid, so the reader may skip them
  const why = whyNot(text, broken === 0 ? undefined : begins[broken]);
  await slice.next();
  throw notJson(text, why);
}

const NOT_JSON = Symbol("not JSON");

function parsed(text: string, isExact = false): unknown {
  try {
    return isExact ? readJson(text) : JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/**
 * Explains the error with core's reader. The messages of `JSON.parse` differ between versions of V8, and often have no
 * position.
 */
function whyNot(text: string, elementAt?: number): Pick<NotJson, "message" | "offset"> {
  return whyNotJson(text, elementAt) ?? UNEXPLAINED;
}

function notJson(text: string, { message, offset }: Pick<NotJson, "message" | "offset">): Problem {
  const { line, column } = lineAndColumn(text, offset);
  const place = `line ${line}, column ${column}`;
  return new Problem(400, "EVT_BODY_NOT_JSON", `body is not JSON: ${message}, at ${place}`);
}

/** The explanation for text that `JSON.parse` refuses but core's reader accepts. */
const UNEXPLAINED = { message: "it cannot be parsed", offset: 0 };
