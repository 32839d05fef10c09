import { MOST_ATTEMPTS, type ReplayAttempt } from "@evt/core";
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

/** The replays of a parked event, or those that made an event counted; earliest first. Bounded as S18 says. */
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
    ) as kept
    order by at collate "C", replay_id collate "C"`;
  return { text, values: [tenantId, bytea(id), MOST_ATTEMPTS] };
}

/** By which parked events came to be counted, or none where a resend was. Returns only when that is replicated. */
export function settlingQuery(schema: string, tenantId: string, ids: readonly string[]): PgQuery {
  const text = `
    select distinct on (asked.parked_id) (asked.ordinal - 1)::text as ordinal, (parked.id is not null)::text as known,
           ${AWAIT_STANDBY} as awaited, attempt.*
      from unnest($2::bytea[]) with ordinality as asked (parked_id, ordinal)
      left join ${schema}.parked on parked.tenant_id = $1::text and parked.id = asked.parked_id
      left join lateral (
        select ${ATTEMPT}, replay.at as instant from ${schema}.replay
         where replay.tenant_id = $1::text and replay.parked_id = asked.parked_id and replay.outcome in ('processed', 'duplicate')
      ) as attempt on true
     order by asked.parked_id, attempt.instant desc`;
  return { text, values: [tenantId, ids.map(bytea)] };
}

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
