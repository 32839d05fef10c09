import type pg from "pg";

export const MONTHS = { now: new Date("2026-01-01T00:00:00Z"), monthsAhead: 4 };

/**
 * Inserts 200,000 events of tenant `acme`, received over {@link MONTHS}, more than eighty in a millisecond; some
 * identities have lapsed. Inserts 60,000 parked events of the same kind, with some failures resolved. Inserts a fifth
 * of that for `globex`.
 */
export async function fillWithMany(pool: pg.Pool, schema: string): Promise<void> {
  const hash = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`;
  const made = `(
    select n, case when n % 6 = 0 then 'globex' else 'acme' end as tenant,
           '2026-01-01T00:00:00Z'::timestamptz + (n / 100) * interval '70 minutes' as received,
           ${hash("'identity ' || n")} as identity, ${hash("'event ' || n")} as event_id,
           ${hash("'content ' || n")} as content, 'client ' || n % 50 as client, 'metric ' || n % 7 as metric
      from generate_series(1, 240000) as n) as made`;
  const place = "convert_to('key ' || n, 'UTF8')";
  await pool.query(`
    insert into ${schema}.claim (received_at, lapses_at, receipt_id, tenant_id, place, identity, event_id, fingerprint)
    select received, case when n % 10 = 0 then received end, gen_random_uuid(), tenant, ${place}, identity,
           case when n % 10 = 0 then event_id end, content from ${made}`);
  await pool.query(`
    insert into ${schema}.event (received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount,
                                 identity, fingerprint, idempotency_key, raw)
    select received, received, 'k', tenant, case when n % 10 = 0 then event_id else identity end, client, metric,
           n % 100, case when n % 10 = 0 then identity end, content, 'key ' || n, '{}'
      from ${made}`);
  await pool.query(`
    insert into ${schema}.parked
    select tenant, ${hash("status || ' ' || n")}, status, received, received, client, metric, 1, 'key ' || n, 'k',
           ${place}, ${hash("status || ' identity ' || n")}, content, '{}', '[]', null, null, 1, received,
           case when status = 'failed' and n % 4 = 0 then received end
      from ${made}, unnest(array['rejected', 'conflict', 'failed']) as status
     where n <= 24000`);
}
