import { InexactNumber } from "@evt/core";
import { parse as parseLossless } from "lossless-json";
import { isExact } from "./json-outline.js";
import { Problem } from "./problem.js";

/** @throws Problem 400 that says where the text stops being JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "EVT_BODY_NOT_JSON", `body is not JSON: ${whereItBreaks(text)}`);
  }
}

/**
 * What `JSON.parse` should make of text known to be JSON, but that a number whose digits a double does not hold is an
 * {@link InexactNumber}. Slower; recursive.
 */
export function parseDelicate(text: string): unknown {
  return parseLossless(text, undefined, {
    parseNumber: (number) => (isExact(number) ? Number(number) : new InexactNumber(number)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** Asked of another parser: `JSON.parse` words it differently in each version of V8 and often tells no position. */
function whereItBreaks(text: string): string {
  try {
    parseDelicate(text);
  } catch (error) {
    const complaint = error instanceof Error ? error.message : "";
    return complaint.replace(
      / at position (\d+)$/,
      (_, offset: string) => `, at ${placeOf(text, Number(offset))}`,
    );
  }
  return "it cannot be parsed";
}

/** Both count from 1, as editors do. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
