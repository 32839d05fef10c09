import { TimeSlice } from "@evt/core/adapter";

/**
 * JSON text, as one string or as consecutive parts. Long text has several parts, so that it can be processed in time
 * slices.
 */
export type JsonText = string | readonly string[];

/**
 * A part ends when it has at least this many characters. Parts of at most this many characters in total are sent as one
 * string.
 */
const PART = 64 * 1024;

/** Returns the elements of a JSON array, without its brackets. Works in time slices. */
export async function elementsJson<T>(
  items: readonly T[],
  toJson: (item: T, index: number) => string,
): Promise<readonly string[]> {
  const slice = new TimeSlice();
  const parts: string[] = [];
  let part = "";
  for (const [index, item] of items.entries()) {
    if (slice.isOver) await slice.next();
    part += index === 0 ? toJson(item, index) : `,${toJson(item, index)}`;
    if (part.length < PART) continue;
    parts.push(part);
    part = "";
  }
  return [...parts, part];
}

/** Concatenates JSON text without copying it. */
export function joined(...parts: readonly JsonText[]): readonly string[] {
  return parts.flat();
}

/**
 * Returns JSON text in a form that can be sent. Joins short parts to a string. Encodes long parts to UTF-8 in time
 * slices.
 */
export async function encoded(text: JsonText): Promise<string | Buffer> {
  if (typeof text === "string") return text;
  const length = text.reduce((sum, part) => sum + part.length, 0);
  if (length <= PART) return text.join("");
  const slice = new TimeSlice();
  const bytes: Buffer[] = [];
  for (const part of text) {
    if (slice.isOver) await slice.next();
    bytes.push(Buffer.from(part));
  }
  await slice.next();
  return Buffer.concat(bytes);
}
