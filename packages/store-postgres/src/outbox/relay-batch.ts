import type { Evt, PreparedEvent } from "@evt/core";
import type { Connections } from "../connection/connections.js";
import { inSessionTransaction } from "../connection/session-transaction.js";
import { type Counts, countEnqueued, type Enqueued } from "./count-enqueued.js";
import { BATCH_SETTINGS, idOf, type OutboxRow, type OutboxStatements } from "./outbox-statements.js";
import { preparedEventOf } from "./outbox-text.js";

export interface RelayParts {
  readonly evt: Evt;
  readonly connections: Connections;
  readonly statements: OutboxStatements;
}

/** The rows that a batch takes: at most `most` rows with IDs above `after` and up to `upTo`. */
export interface Span {
  readonly after: string;
  readonly upTo: string;
  readonly most: number;
}

export interface Batch extends Counts {
  /** The number of rows that were taken. */
  readonly taken: number;
  /** The ID of the last row that was taken. */
  readonly last: string;
  /** The number of rows that this version cannot read. */
  readonly unreadable: number;
}

/**
 * Takes rows, counts their events and deletes the rows whose events have a final outcome. The rows remain locked
 * until then, so other relays skip them. Returns `null` if there are no rows.
 *
 * If the process dies, a later relay takes the rows again and recognizes counted events by their receipt IDs.
 */
export function relayBatch(
  { after, upTo, most }: Span,
  { evt, connections, statements }: RelayParts,
  signal: AbortSignal,
): Promise<Batch | null> {
  return connections.run({ signal }, (session) =>
    inSessionTransaction(session, BATCH_SETTINGS, async () => {
      const rows = (await session.query(statements.take(after, upTo, most))).map(outboxRow);
      const last = rows.at(-1);
      if (last === undefined) return null;
      const readable = rows.flatMap(readableRow);
      const counts = await countEnqueued(readable, evt, signal);
      if (counts.done.length > 0) await session.query(statements.remove(counts.done));
      const unreadable = rows.length - readable.length;
      return { ...counts, taken: rows.length, last: last.id, unreadable };
    }),
  );
}

function outboxRow(row: Readonly<Record<string, unknown>>): OutboxRow {
  return { id: idOf(row["id"]), event: String(row["event"]) };
}

function readableRow({ id, event: text }: OutboxRow): readonly Enqueued[] {
  const event: PreparedEvent | null = preparedEventOf(text);
  return event === null ? [] : [{ id, event }];
}
