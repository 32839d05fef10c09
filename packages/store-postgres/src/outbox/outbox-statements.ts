import { EvtError } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import { unprepared } from "../connection/statement.js";

/** A row of the outbox. Its ID is a string, because a JavaScript number cannot hold every `bigint` exactly. */
export interface OutboxRow {
  readonly id: string;
  readonly event: string;
}

/**
 * Returns an ID from a row.
 * @throws EvtError `EVT_INTERNAL` if the value is not an ID. The relay continues after this ID, so a wrong ID could
 * skip rows.
 */
export function idOf(value: unknown): string {
  if (typeof value === "string" && /^\d+$/.test(value)) return value;
  throw new EvtError(
    "EVT_INTERNAL",
    `expected an ID of the outbox from the database, got ${JSON.stringify(value)}`,
  );
}

/** A position before the first ID. */
export const FIRST = "0";

/** A batch takes rows until its size reaches this number of bytes. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * The settings of a batch's transaction. They make the planner use the index, because the table grows and shrinks
 * quickly and its statistics are often wrong. The commit does not wait for the disk. If a crash loses the deletion,
 * the rows are relayed again, and their events are recognized. The transaction is idle while its events are counted, so it
 * has no time limit for being idle.
 */
export const BATCH_SETTINGS =
  "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off; set local synchronous_commit = off; set local idle_in_transaction_session_timeout = 0";

export class OutboxStatements {
  readonly #newest: PgQuery;
  readonly #take: string;
  readonly #remove: string;

  constructor(schema: string) {
    this.#newest = { text: `select max(id)::text as id from ${schema}.outbox` };
    this.#take = take(schema);
    this.#remove = `delete from ${schema}.outbox where id = any ($1::bigint[])`;
  }

  /** The query for the highest ID of the committed rows. */
  get newest(): PgQuery {
    return this.#newest;
  }

  /**
   * Returns the query that locks and reads up to `most` rows in the order of their IDs. The IDs are above `after` and
   * up to `upTo`.
   */
  take(after: string, upTo: string, most: number): PgQuery {
    return unprepared(this.#take).with(after, upTo, most, MOST_BYTES);
  }

  /** Returns the query that deletes rows. */
  remove(ids: readonly string[]): PgQuery {
    return unprepared(this.#remove).with(`{${ids.join(",")}}`);
  }
}

/** Skips rows that another relay has locked. Rows beyond the size limit are locked but not returned. */
const take = (schema: string) => `with held as materialized (
  select id, event from ${schema}.outbox
   where id > $1::bigint and id <= $2::bigint
   order by id limit $3::integer for update skip locked
)
select id::text, event
  from (select id, event, sum(octet_length(event)) over (order by id) - octet_length(event) as before from held) as sized
 where before < $4::bigint
 order by sized.id
`;
