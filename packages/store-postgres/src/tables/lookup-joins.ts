// Joins that look up rows by an index, for each row on their left. `offset 0` makes Postgres run the subquery for
// each row. Without it, a prepared statement may keep a plan from when the tables were empty, with a sequential scan.

/** Joins `claim`, the claim on an identity. */
export const claimOf = (schema: string, tenantId: string, place: string, identity: string): string => `
  join lateral (select * from ${schema}.claim
                 where claim.tenant_id = ${tenantId} and claim.place = ${place} and claim.identity = ${identity}
                offset 0) as claim on true`;

/** Joins `event`, the event that `claim` belongs to. */
export const eventOfClaim = (schema: string): string => `
  join lateral (select * from ${schema}.event
                 where event.tenant_id = claim.tenant_id and event.received_at = claim.received_at
                   and event.id = coalesce(claim.event_id, claim.identity) offset 0) as event on true`;

/** Joins `event` by its ID. */
export const eventOfId = (schema: string, tenantId: string, id: string): string => `
  join lateral ${schema}.events_of_id(${tenantId}, ${id}) as event on true`;

/** Joins `parked` by its ID. */
export const parkedOf = (schema: string, tenantId: string, id: string): string => `
  join lateral (select * from ${schema}.parked
                 where parked.tenant_id = ${tenantId} and parked.id = ${id} offset 0) as parked on true`;

/**
 * Joins `failure`, the open failures that were sent like the row `sent`: with the same raw JSON, vouched client,
 * given key and tenant. Only the index `parked_failure_text` matches the condition.
 */
export const openFailureSentAs = (schema: string, sent: string): string => `
  join lateral (select * from ${schema}.parked
                 where ${sendingHash("parked.raw", "parked.given_key", "parked.vouched_client_id", "parked.tenant_id")}
                     = ${sendingHash(`${sent}.raw`, `${sent}.given_key`, `${sent}.vouched_client_id`, `${sent}.tenant_id`)}
                   and parked.raw = ${sent}.raw and parked.given_key::text = ${sent}.given_key::text
                   and parked.vouched_client_id is not distinct from ${sent}.vouched_client_id
                   and parked.tenant_id is not distinct from ${sent}.tenant_id and parked.status = 'failed'
                   and coalesce(parked.resolved_at, 'infinity'::timestamptz) = 'infinity'::timestamptz
                offset 0) as failure on true`;

/** The expression of the index `parked_failure_text`. */
const sendingHash = (raw: string, givenKey: string, vouchedClientId: string, tenantId: string): string =>
  `hashtextextended(${raw}, hashtextextended(${givenKey}::text,
    hashtextextended(coalesce(${vouchedClientId}, ''), hashtextextended(${tenantId}, 0))))`;

/** Joins `failure`, the open failures of an identity. */
export const openFailureOf = (schema: string, tenantId: string, identity: string): string => `
  join lateral (select * from ${schema}.parked
                 where parked.tenant_id = ${tenantId} and parked.identity = ${identity}
                   and parked.status = 'failed' and parked.resolved_at is null offset 0) as failure on true`;
