import type { Replay } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { insertSql, takingOver } from "../insert/insert-statement.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { type LapsingClock, lapseTime } from "../tables/lapsing-clock.js";
import { RECORD_COLUMNS, RECORD_PARAMETERS, recordColumns } from "../tables/record-columns.js";
import { bytea } from "../tables/row-values.js";
import type { ByteWriter } from "../wire/byte-writer.js";

/**
 * An insert of replayed events as one autocommitted statement. It first locks each parked event and skips resolved
 * events. So if several processes replay an event at the same time, at most one of them counts it.
 */
export class ReplayStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#statement = prepare(sql(schema, clock));
  }

  /** Returns the query. All identities of a tenant and all parked events must differ. */
  with(writer: ByteWriter, replays: readonly Replay[]): PgQuery {
    const records = replays.map(({ record }) => record);
    const ids = replays.map(({ parkedId }) => bytea(parkedId));
    return this.#statement.with(...recordColumns(writer, records), ids);
  }
}

/** Returns the ordinals of the replays whose parked event was open, and of the replays that won their claim. */
export function replayOrdinals(rows: readonly Record<string, unknown>[]): {
  readonly open: ReadonlySet<number>;
  readonly won: ReadonlySet<number>;
} {
  const { open, won } = rows[0] ?? {};
  if (open === undefined || won === undefined)
    throw new Error("the database did not return the outcome of a replay");
  return { open: ordinals(open), won: ordinals(won) };
}

function ordinals(joined: unknown): ReadonlySet<number> {
  return new Set(typeof joined === "string" ? joined.split(",").map(Number) : []);
}

/** SQL for the ids of the parked events, a parameter after those of the records. */
const PARKED_IDS = `$${RECORD_PARAMETERS + 1}::bytea[]`;

const locked = (schema: string) => `locked as materialized (
  select parked.tenant_id, parked.id
    from ${schema}.parked
    join unnest($1::text[], ${PARKED_IDS}) as wanted (tenant_id, parked_id)
      on parked.tenant_id = wanted.tenant_id and parked.id = wanted.parked_id
   where parked.resolved_at is null
   -- in the same order as parking locks them
   order by parked.tenant_id, parked.id
     for update of parked
),
`;

const INCOMING = `${RECORD_COLUMNS}
    join unnest(${PARKED_IDS}) with ordinality as replayed (parked_id, ordinal) using (ordinal)
    join locked on locked.tenant_id = record.tenant_id and locked.id = replayed.parked_id`;

const resolvedFailures = (schema: string) => `,
resolved as (
  ${resolveFailures(schema, "select tenant_id, identity, coalesce(fingerprint, identity) as fingerprint, received_at as resolved_at from won")}
     and not exists (select from won where parked.tenant_id = won.tenant_id and parked.id = won.parked_id)
),
replayed_event as (
  update ${schema}.parked set resolved_at = won.received_at from won where parked.tenant_id = won.tenant_id and parked.id = won.parked_id
),
noted as (
  insert into ${schema}.replay (tenant_id, parked_id, replay_id, at, outcome, event_id, reasons)
  select tenant_id, parked_id, receipt_id, received_at, 'processed', id, '{}' from won
)`;

const sql = (schema: string, clock: LapsingClock) =>
  insertSql(schema, {
    before: locked(schema),
    column: "parked_id",
    incoming: INCOMING,
    onConflict: takingOver(clock),
    lapsesAt: lapseTime(clock, "lapses_at", "received_at"),
    further: resolvedFailures(schema),
    result: `
select (select string_agg(ordinal::text, ',') from incoming) as open,
       (select string_agg(ordinal::text, ',') from won) as won`,
  });
