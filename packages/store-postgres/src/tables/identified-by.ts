import type { IdentifiedBy } from "@evt/core";

/** Written in one letter: there is one in every event. */
const LETTER = { key: "k", content: "c", window: "w", receipt: "r" } as const satisfies Record<
  IdentifiedBy,
  string
>;
const WORD: Readonly<Record<string, IdentifiedBy>> = { k: "key", c: "content", w: "window", r: "receipt" };

export const identifiedByLetter = (word: IdentifiedBy): string => LETTER[word];

export function identifiedByWord(letter: unknown): IdentifiedBy {
  const word = WORD[String(letter)];
  if (word === undefined)
    throw new Error(`the database holds an event identified by ${JSON.stringify(letter)}`);
  return word;
}
