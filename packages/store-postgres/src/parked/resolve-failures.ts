import { openFailureOf, openFailureSentAs } from "../tables/lookup-joins.js";

/**
 * Returns an `update` that resolves open failures. `counted` selects the `tenant_id`, `identity`, `fingerprint` and
 * `resolved_at` of the events whose failures are resolved. The `update` locks the rows in the order in which parking
 * locks them, because the two could otherwise deadlock (40P01).
 */
export const resolveFailures = (schema: string, counted: string): string =>
  resolve(
    schema,
    `(${counted}) as counted ${openFailureOf(schema, "counted.tenant_id", "counted.identity")}`,
    "failure.fingerprint = counted.fingerprint",
  );

/**
 * Returns an `update` that resolves the open failures that were sent like a rejection. `rejected` selects the columns
 * that {@link openFailureSentAs} compares, and `resolved_at`.
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
