import type { EventRecord, IdentifiedBy } from "@evt/core";

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

/** A hash as `bytea` reads it from text. */
export const bytea = (hex: string): string => `\\x${hex}`;

/** A record as the statements read it from JSON; what equals the identity is left out. */
export function recordColumns(record: EventRecord, ordinal: number) {
  const { identity, id, fingerprint } = record;
  return {
    n: ordinal,
    t: record.tenantId,
    i: bytea(identity),
    e: id === identity ? undefined : bytea(id),
    f: fingerprint === identity ? undefined : bytea(fingerprint),
    b: identifiedByLetter(record.identifiedBy),
    p: record.receiptId,
    r: record.receivedAt,
    l: record.lapsesAt ?? undefined,
    c: record.clientId,
    m: record.metric,
    a: record.amount,
    o: record.timestamp,
    k: record.idempotencyKey ?? undefined,
    // As a text inside the text: json_to_recordset refuses \u0000 and lone surrogates even on their way into a json column.
    w: record.rawJson ?? undefined,
  };
}
