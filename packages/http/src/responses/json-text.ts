import { TimeSlice } from "@evt/core";

/** JSON text, whole or in parts that follow each other. Parts keep a long text from being handled in one piece. */
export type JsonText = string | readonly string[];

/** Up to that many characters a text is handled in one piece. */
const PART = 64 * 1024;

/** The elements of an array, without its brackets. They are made in slices of time. */
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

/** A text that follows another one. */
export function joined(...texts: readonly JsonText[]): readonly string[] {
  return texts.flat();
}

/** A text as it can be sent: a short one as it is, a long one in UTF-8, encoded in slices of time. */
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
