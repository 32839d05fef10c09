import type { Evt, PreparedEvent } from "@evt/core";
import type { Connections } from "../connection/connections.js";
import { inSessionTransaction } from "../connection/session-transaction.js";
import { type Enqueued, type Settlement, settle } from "./count-enqueued.js";
import { BATCH_SETTINGS, idOf, type OutboxRow, type OutboxStatements } from "./outbox-statements.js";
import { preparedEventOf } from "./outbox-text.js";

export interface DrainParts {
  readonly evt: Evt;
  readonly connections: Connections;
  readonly statements: OutboxStatements;
}

/** Which rows a batch takes. */
export interface Span {
  readonly after: string;
  readonly upTo: string;
  readonly most: number;
}

export interface Batch extends Settlement {
  readonly taken: number;
  /** The id of the last row that was taken. */
  readonly last: string;
  readonly unreadable: number;
}

/**
 * Takes rows, counts their events, and deletes those that are settled; `null` where there are none. The rows are held
 * meanwhile: whoever else drains passes them over. Should anything break off in between, they come again, and what was
 * counted is found by its receipt.
 */
export function drainBatch(
  { after, upTo, most }: Span,
  { evt, connections, statements }: DrainParts,
  signal: AbortSignal,
): Promise<Batch | null> {
  return connections.run({ signal }, (session) =>
    inSessionTransaction(session, BATCH_SETTINGS, async () => {
      const rows = (await session.ask(statements.take(after, upTo, most))).map(outboxRow);
      const last = rows.at(-1);
      if (last === undefined) return null;
      const readable = rows.flatMap(readableRow);
      const settlement = await settle(readable, evt, signal);
      if (settlement.settled.length > 0) await session.ask(statements.remove(settlement.settled));
      const unreadable = rows.length - readable.length;
      return { ...settlement, taken: rows.length, last: last.id, unreadable };
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
