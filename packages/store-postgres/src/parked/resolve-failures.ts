import { openFailureOf, openFailureSentAs } from "../tables/lookup-joins.js";

/**
 * Returns an `update` that resolves the open failures of counted events. `counted` selects `tenant_id`, `identity`,
 * `fingerprint` and `resolved_at`. The `update` locks rows in the same order as parking, because the two could otherwise
 * deadlock (40P01).
 */
export const resolveFailures = (schema: string, counted: string): string =>
  resolve(
    schema,
    `(${counted}) as counted ${openFailureOf(schema, "counted.tenant_id", "counted.identity")}`,
    "failure.fingerprint = counted.fingerprint",
  );

/**
 * Returns an `update` that resolves open failures if a rejection was sent with the same raw JSON: see {@link
 * openFailureSentAs}. `rejected` also selects `resolved_at`.
 */
export const resolveFailuresSentAs = (schema: string, rejected: string): string =>
  resolve(schema, `(${rejected}) as counted ${openFailureSentAs(schema, "counted")}`, "true");

const resolve = (schema: string, failures: string, condition: string) => `
  update ${schema}.parked set resolved_at = coalesce(parked.resolved_at, open.resolved_at)
    from (select failure.tenant_id, failure.id, counted.resolved_at
            from ${failures}
           where ${condition}
             -- usually no failure is open, and then nothing is looked up
             and (select exists (select from ${schema}.parked where status = 'failed' and resolved_at is null))
           order by failure.tenant_id, failure.id) as open
   where parked.tenant_id = open.tenant_id and parked.id = open.id`;
