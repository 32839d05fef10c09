import type { IdentifiedBy } from "@evt/core/store";

/** The letters that the database stores instead of the words, to save space in every event. */
const LETTER = { key: "k", content: "c", window: "w", receipt: "r" } as const satisfies Record<
  IdentifiedBy,
  string
>;
const WORD: Readonly<Record<string, IdentifiedBy>> = { k: "key", c: "content", w: "window", r: "receipt" };

/** Returns the letter that the database stores. */
export const identifiedByLetter = (word: IdentifiedBy): string => LETTER[word];

/**
 * Returns the word for a letter.
 * @throws Error if the letter is unknown
 */
export function identifiedByWord(letter: unknown): IdentifiedBy {
  const word = WORD[String(letter)];
  if (word === undefined)
    throw new Error(`the database has an event with the unknown identified_by ${JSON.stringify(letter)}`);
  return word;
}
