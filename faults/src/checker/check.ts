import { type History, isAcknowledged, type KeyHistory } from "../history/history.js";
import type { SentEvent } from "../history/sent-event.js";
import { ExactFold, scaled, type Totals } from "./exact-fold.js";
import type { StoredRow } from "./stored-rows.js";

/** What the API says of one client and metric. */
export interface ApiRow extends Totals {
  readonly clientId: string;
  readonly metric: string;
}

export interface Verdict {
  /** Acknowledged, and not stored: by key. */
  readonly lost: readonly string[];
  /** Stored more than once, or told `processed` more than once. */
  readonly twice: readonly string[];
  /** What cannot be, in words. */
  readonly unexpected: readonly string[];
  readonly totalsExact: boolean;
}

/** Compares what senders were told, what the database holds and what the API says of it. */
export function check(history: History, stored: readonly StoredRow[], api: readonly ApiRow[]): Verdict {
  const byKey = new Map<string, StoredRow[]>();
  for (const row of stored) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  const keys = [...history.keys];
  return {
    lost: keys.filter(([key, each]) => isAcknowledged(each) && !byKey.has(key)).map(([key]) => key),
    twice: keys.filter(([key, each]) => isTwice(each, byKey.get(key) ?? [])).map(([key]) => key),
    unexpected: [
      ...history.unexpected,
      ...keys.flatMap(([key, each]) => oddities(key, each, byKey.get(key) ?? [])),
      ...[...byKey.keys()]
        .filter((key) => !history.keys.has(key))
        .map((key) => `${key} is stored, and was never sent`),
    ],
    totalsExact: totalsAreExact(stored, api),
  };
}

function isTwice({ told }: KeyHistory, rows: readonly StoredRow[]): boolean {
  return rows.length > 1 || told.filter((each) => each === "processed").length > 1;
}

function oddities(key: string, { contents, told }: KeyHistory, rows: readonly StoredRow[]): string[] {
  const odd: string[] = [];
  for (const row of rows) {
    if (!contents.some((content) => isSame(content, row)))
      odd.push(`${key} is stored with content nobody sent`);
  }
  if (told.includes("conflict") && contents.length < 2)
    odd.push(`${key} was told a conflict, and was sent with one content`);
  if (told.includes("rejected")) odd.push(`${key} was rejected, and is good`);
  if (told.length === 0) odd.push(`${key} was never told anything`);
  return odd;
}

function isSame(content: SentEvent, row: StoredRow): boolean {
  return (
    content.clientId === row.clientId &&
    content.metric === row.metric &&
    scaled(content.amount) === scaled(row.amount) &&
    BigInt(Date.parse(content.timestamp)) * 1_000n === BigInt(row.occurredAt)
  );
}

function totalsAreExact(stored: readonly StoredRow[], api: readonly ApiRow[]): boolean {
  const folds = new Map<string, ExactFold>();
  for (const { clientId, metric, amount } of stored) {
    const key = JSON.stringify([clientId, metric]);
    const fold = folds.get(key) ?? new ExactFold();
    fold.add(amount);
    folds.set(key, fold);
  }
  if (api.length !== folds.size) return false;
  return api.every((row) => folds.get(JSON.stringify([row.clientId, row.metric]))?.equals(row) ?? false);
}
