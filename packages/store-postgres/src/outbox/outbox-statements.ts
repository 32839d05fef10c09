import { EvtError } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import { unprepared } from "../connection/statement.js";

/** A row of the outbox. Its ID is a string, because it can exceed the integers that JavaScript holds exactly. */
export interface OutboxRow {
  readonly id: string;
  readonly event: string;
}

/**
 * Returns an ID from a row.
 * @throws EvtError if it is not an ID, because the relay continues after the last ID it has read
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

/** The size of a batch after which no further row is read. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * The settings of a batch's transaction. The planner must use the index, because the statistics of a table that is
 * empty one minute and full the next are wrong. The commit need not reach the disk at once: if a deletion is lost,
 * the rows are relayed again and found counted. The transaction is idle while its events are counted, for any time.
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

  /** Reads the ID of the last committed row. */
  get newest(): PgQuery {
    return this.#newest;
  }

  /** Takes and locks up to `most` rows after one ID and up to another one, in order. */
  take(after: string, upTo: string, most: number): PgQuery {
    return unprepared(this.#take).with(after, upTo, most, MOST_BYTES);
  }

  /** Deletes rows. */
  remove(ids: readonly string[]): PgQuery {
    return unprepared(this.#remove).with(`{${ids.join(",")}}`);
  }
}

/** Skips rows that another relay has locked. Rows beyond the size limit are locked but not sent. */
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
