import type { EventRecord, IdentifiedBy } from "@evt/core";
import { hashArray, instantArray, letterArray, textArray, uuidArray } from "./binary-array.js";
import { storable } from "./storable-text.js";

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

/** Records column by column, in the order of {@link RECORD_COLUMNS}; what equals the identity is left out. */
export function recordColumns(records: readonly EventRecord[]): readonly Buffer[] {
  return [
    textArray(records, (record) => record.tenantId),
    hashArray(records, (record) => record.identity),
    hashArray(records, ({ id, identity }) => (id === identity ? null : id)),
    hashArray(records, ({ fingerprint, identity }) => (fingerprint === identity ? null : fingerprint)),
    letterArray(records, (record) => identifiedByLetter(record.identifiedBy)),
    uuidArray(records, (record) => record.receiptId),
    instantArray(records, (record) => record.receivedAt),
    instantArray(records, (record) => record.lapsesAt),
    textArray(records, (record) => record.clientId),
    textArray(records, (record) => record.metric),
    textArray(records, (record) => record.amount),
    instantArray(records, (record) => record.timestamp),
    textArray(records, (record) => record.idempotencyKey),
    textArray(records, ({ rawJson }) => rawJson && storable(rawJson)),
  ];
}

/** The same in SQL, as a table of `n` (the ordinal, from 1) and a letter for each column. */
export const RECORD_COLUMNS = `
    unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::"char"[], $6::uuid[], $7::timestamptz[],
           $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::text[])
      with ordinality as record (t, i, e, f, b, p, r, l, c, m, a, o, k, w, n)`;
