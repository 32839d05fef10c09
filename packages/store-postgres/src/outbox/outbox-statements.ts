import { EvtError } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import { unprepared } from "../connection/statement.js";

/** An event that was enqueued. The id is a whole number beyond what JavaScript counts exactly, hence a text. */
export interface OutboxRow {
  readonly id: string;
  readonly event: string;
}

/** An id as it was answered. @throws EvtError where it is none: a drain goes on from the last it has seen */
export function idOf(value: unknown): string {
  if (typeof value === "string" && /^\d+$/.test(value)) return value;
  throw new EvtError(
    "EVT_INTERNAL",
    `postgres answered ${JSON.stringify(value)} in place of an id of the outbox`,
  );
}

/** Before the first id. */
export const FIRST = "0";

/** Of one batch, past which no further row is read. */
const MOST_BYTES = 4 * 2 ** 20;

/**
 * What a batch's transaction is begun with. Plans by the index, whatever the statistics of a table say that is empty one
 * minute and full the next. Its commit need not reach the disk at once: rows whose deletion was lost come again, and
 * are found counted. And it idles while its events are counted, however long.
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

  /** The id of the last row that has committed. */
  get newest(): PgQuery {
    return this.#newest;
  }

  /** Up to `most` rows after an id and up to another, in their order, held against all who would take them, too. */
  take(after: string, upTo: string, most: number): PgQuery {
    return unprepared(this.#take).with(after, upTo, most, MOST_BYTES);
  }

  remove(ids: readonly string[]): PgQuery {
    return unprepared(this.#remove).with(`{${ids.join(",")}}`);
  }
}

/** Rows that another holds are passed over, not waited for. What goes beyond the bytes is held, but not sent. */
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
