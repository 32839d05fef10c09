import type { ReplayAttempt } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import { AWAIT_STANDBY } from "../connection/standby.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { bytea } from "../tables/row-values.js";

/** Stores the outcomes of replays. The outcomes `processed` and `duplicate` resolve the parked event. */
export class NoteStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#statement = prepare(sql(schema));
  }

  with(tenantId: string, attempts: readonly ReplayAttempt[]): PgQuery {
    return this.#statement.with(tenantId, JSON.stringify(attempts.map(attemptColumns)));
  }
}

function attemptColumns({ parkedId, replayId, at, outcome, eventId, reasons }: ReplayAttempt) {
  return {
    parked_id: bytea(parkedId),
    replay_id: replayId,
    at,
    outcome,
    event_id: eventId && bytea(eventId),
    reasons,
  };
}

const sql = (schema: string) => `
with noted as (
  insert into ${schema}.replay (tenant_id, parked_id, replay_id, at, outcome, event_id, reasons)
  select $1::text, parked_id, replay_id, at, outcome, event_id, reasons
    from json_to_recordset($2::json)
      as attempt (parked_id bytea, replay_id uuid, at timestamptz, outcome text, event_id bytea, reasons text[])
   order by parked_id, replay_id
  on conflict (tenant_id, parked_id, replay_id) do nothing
  returning parked_id, at, outcome
),
resolvable as materialized (
  select parked.id, min(noted.at) as at
    from noted join ${schema}.parked on parked.tenant_id = $1::text and parked.id = noted.parked_id
   where noted.outcome in ('processed', 'duplicate') and parked.resolved_at is null
   group by parked.id
),
locked as materialized (
  select parked.id, resolvable.at
    from ${schema}.parked join resolvable on parked.id = resolvable.id
   where parked.tenant_id = $1::text
   order by parked.id
     for update of parked
),
resolved as (
  update ${schema}.parked set resolved_at = locked.at
    from locked
   where parked.tenant_id = $1::text and parked.id = locked.id and parked.resolved_at is null
)
-- attempts that an earlier call stored are not written again, and its commit may not be replicated yet
select ${AWAIT_STANDBY} as awaited
`;
