import { type History, isAcknowledged, type KeyHistory } from "../history/history.js";
import type { SentEvent } from "../history/sent-event.js";
import { ExactFold, scaled, type Totals } from "./exact-fold.js";
import type { StoredRow } from "./stored-rows.js";

/** The totals of one client and metric in the API. */
export interface ApiRow extends Totals {
  readonly clientId: string;
  readonly metric: string;
}

export interface Verdict {
  /** The keys of events that were acknowledged but are not stored. */
  readonly lost: readonly string[];
  /** The keys of events that are stored more than once, or were reported as `processed` more than once. */
  readonly twice: readonly string[];
  /** Descriptions of results that must never happen. */
  readonly unexpected: readonly string[];
  readonly totalsExact: boolean;
}

/** Compares three things: the outcomes that senders got, the rows of the database, and the totals of the API. */
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
        .map((key) => `${key} is stored, but was never sent`),
    ],
    totalsExact: totalsAreExact(stored, api),
  };
}

function isTwice({ outcomes }: KeyHistory, rows: readonly StoredRow[]): boolean {
  return rows.length > 1 || outcomes.filter((each) => each === "processed").length > 1;
}

function oddities(key: string, { contents, outcomes }: KeyHistory, rows: readonly StoredRow[]): string[] {
  const odd: string[] = [];
  for (const row of rows) {
    if (!contents.some((content) => isSame(content, row)))
      odd.push(`${key} is stored with content that was never sent`);
  }
  if (outcomes.includes("conflict") && contents.length < 2)
    odd.push(`${key} was reported as a conflict, but was sent with one content`);
  if (outcomes.includes("rejected")) odd.push(`${key} was rejected, but is valid`);
  if (outcomes.length === 0) odd.push(`${key} never got an outcome`);
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
