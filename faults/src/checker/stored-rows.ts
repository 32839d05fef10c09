/** A counted event in the database. The checker reads such rows without evt's code. */
export interface StoredRow {
  readonly key: string;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  /** Microseconds since 1970. */
  readonly occurredAt: string;
}

/** Runs a statement and returns its rows. */
export type Query = (text: string, values: unknown[]) => Promise<Record<string, unknown>[]>;

export async function storedRows(
  query: Query,
  schema: string,
  tenantId: string,
): Promise<readonly StoredRow[]> {
  const rows = await query(
    `select coalesce(idempotency_key, encode(id, 'hex')) as key, client_id as "clientId", metric,
            amount::text as amount, (extract(epoch from occurred_at) * 1000000)::bigint::text as "occurredAt"
       from "${schema}".event where tenant_id = $1`,
    [tenantId],
  );
  return rows as unknown as StoredRow[];
}
