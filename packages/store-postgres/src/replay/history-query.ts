import { MOST_ATTEMPTS, type ReplayAttempt } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import { AWAIT_STANDBY } from "../connection/standby.js";
import { bytea, instant, instantText, text, textOrNull } from "../tables/row-values.js";

const ATTEMPT = `
       encode(replay.parked_id, 'hex') as parked_id,
       encode(uuid_send(replay.replay_id), 'hex') as replay_id,
       ${instantText("replay.at")} as at,
       replay.outcome,
       encode(replay.event_id, 'hex') as event_id,
       array_to_json(replay.reasons)::text as reasons`;

/**
 * Returns a query for the replays of a parked event. If `id` is the ID of a counted event, returns the replays that
 * were processed as this event or were duplicates of it. The query returns at most `MOST_ATTEMPTS` replays, the
 * earliest first. Conformance test S18 defines which ones.
 */
export function historyQuery(schema: string, tenantId: string, id: string): PgQuery {
  const side = (where: string) =>
    `select ${ATTEMPT} from ${schema}.replay where replay.tenant_id = $1::text and ${where}`;
  const text = `
    select * from (
      select * from (
        ${side("replay.parked_id = $2::bytea")}
        union all
        ${side("replay.event_id = $2::bytea and replay.outcome in ('processed', 'duplicate')")}
      ) as attempt
      order by outcome = 'processed' desc, outcome = 'duplicate' desc, at collate "C" desc
      limit $3::int
    ) as bounded
    order by at collate "C", replay_id collate "C"`;
  return { text, values: [tenantId, bytea(id), MOST_ATTEMPTS] };
}

/**
 * Returns a query for the replays that resolved parked events, with one row for each ID. If no replay resolved an
 * event, the event's row contains no replay. Postgres returns the rows after they are replicated (see {@link
 * AWAIT_STANDBY}).
 */
export function resolvingReplaysQuery(schema: string, tenantId: string, ids: readonly string[]): PgQuery {
  const text = `
    select distinct on (wanted.parked_id) (wanted.ordinal - 1)::text as ordinal, (parked.id is not null)::text as known,
           ${AWAIT_STANDBY} as awaited, attempt.*
      from unnest($2::bytea[]) with ordinality as wanted (parked_id, ordinal)
      left join ${schema}.parked on parked.tenant_id = $1::text and parked.id = wanted.parked_id
      left join lateral (
        select ${ATTEMPT}, replay.at as instant from ${schema}.replay
         where replay.tenant_id = $1::text and replay.parked_id = wanted.parked_id and replay.outcome in ('processed', 'duplicate')
      ) as attempt on true
     order by wanted.parked_id, attempt.instant desc`;
  return { text, values: [tenantId, ids.map(bytea)] };
}

/** Converts a row to a replay attempt. */
export function attempt(row: Readonly<Record<string, unknown>>): ReplayAttempt {
  return {
    parkedId: text(row["parked_id"]),
    replayId: text(row["replay_id"]),
    at: instant(row["at"]),
    outcome: text(row["outcome"]) as ReplayAttempt["outcome"],
    eventId: textOrNull(row["event_id"]),
    reasons: JSON.parse(text(row["reasons"])) as string[],
  };
}
