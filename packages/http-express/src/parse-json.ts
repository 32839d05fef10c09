import { readJson, TimeSlice, whyNotJson } from "@evt/core";
import type { JsonOutline } from "./json-outline.js";
import { Problem } from "./problem.js";

/** Up to so many characters a text is parsed as a whole, which is faster and over soon. */
const PARSED_AT_ONCE = 256 * 1024;

/**
 * The values of the sources of an outlined text. They are those of `JSON.parse`, except that a number with more digits
 * than a double keeps is an `InexactNumber`. A long text is parsed source by source, in slices of time.
 * @throws Problem 400 that says where the text is not JSON
 */
export function parseSources(
  text: string,
  outline: JsonOutline,
  parsedAtOnce = PARSED_AT_ONCE,
): readonly unknown[] | Promise<readonly unknown[]> {
  return text.length <= parsedAtOnce ? parseWhole(text, outline) : parseEach(text, outline);
}

function parseWhole(text: string, { isArray, sources, delicate }: JsonOutline): readonly unknown[] {
  const value = tried(text, undefined, () => JSON.parse(text) as unknown);
  const values = isArray ? (value as unknown[]) : [value];
  for (const index of delicate) values[index] = readJson(sources[index] ?? "");
  return values;
}

async function parseEach(text: string, outline: JsonOutline): Promise<readonly unknown[]> {
  const { sources, begins, isFramed, delicate } = outline;
  const slice = new TimeSlice();
  // outlining took its time already
  await slice.next();
  const values: unknown[] = [];
  for (const [index, source] of sources.entries()) {
    if (slice.isOver) await slice.next();
    const parse = delicate.has(index) ? readJson : JSON.parse;
    // all before an element is known to be right, but for the first one
    const elementAt = index === 0 ? undefined : begins[index];
    values.push(tried(text, elementAt, () => parse(source) as unknown));
  }
  if (!isFramed) throw notJson(text, sources.length > 1 ? begins.at(-1) : undefined);
  return values;
}

function tried<T>(text: string, elementAt: number | undefined, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw notJson(text, elementAt);
  }
}

/** Asked of the reader: `JSON.parse` words it differently in each version of V8 and often gives no position. */
function notJson(text: string, elementAt: number | undefined): Problem {
  const { message, offset } = whyNotJson(text, elementAt) ?? UNEXPLAINED;
  return new Problem(400, "EVT_BODY_NOT_JSON", `body is not JSON: ${message}, at ${placeOf(text, offset)}`);
}

/** For a text that only this version of `JSON.parse` refuses. */
const UNEXPLAINED = { message: "it cannot be parsed", offset: 0 };

const LINE_FEED = 0x0a;

/** Both count from 1, as editors do. */
function placeOf(text: string, offset: number): string {
  let line = 1;
  let begin = 0;
  for (let at = 0; at < offset; at++) {
    if (text.charCodeAt(at) !== LINE_FEED) continue;
    line++;
    begin = at + 1;
  }
  return `line ${line}, column ${offset - begin + 1}`;
}
