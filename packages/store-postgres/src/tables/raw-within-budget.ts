/**
 * Returns the budget for raw JSON as a parameter, in bytes. A string of `rawChars` bytes never has more than
 * `rawChars` characters.
 */
export const rawBudget = (rawChars: number | undefined): number =>
  rawChars === undefined ? Number.MAX_SAFE_INTEGER : Math.min(rawChars, Number.MAX_SAFE_INTEGER);

/**
 * Returns common table expressions that end in `bounded`, which has the rows of `select` and the column `fits`. The
 * raw JSON is in the column `json_raw` or `text_raw` of `select`; the other column is null.
 *
 * The raw JSON of earlier rows uses up the budget first. `fits` is true if the row has raw JSON, the raw JSON fits
 * into the rest of the budget, and the row is among the first `rows`. The first raw JSON always fits into a budget
 * above 0.
 *
 * Measuring a `json` value decompresses it. So measuring stops when the stored sizes alone exceed the budget. A
 * stored value without its four-byte header is never larger than its text. It is at most 88 times smaller (pglz) or
 * 255 times smaller (lz4), so the decompressed bytes of one call are limited as well.
 */
export const withinBudget = (
  select: string,
  order: string,
  budget: string,
  rows?: string,
): string => `raws as materialized (${select}),
measured as materialized (
  select raws.*,
         case when ${budget} > 0 and coalesce(sum(greatest(pg_column_size(json_raw), pg_column_size(text_raw), 4) - 4) over earlier, 0) <= ${budget}
              then octet_length(coalesce(json_raw::text, text_raw))
         end as octets
    from raws
  window earlier as (order by ${order} rows between unbounded preceding and 1 preceding)
),
summed as materialized (
  select measured.*, coalesce(sum(octets) over earlier, 0) as before, row_number() over earlier as row_number
    from measured
  window earlier as (order by ${order} rows between unbounded preceding and 1 preceding)
),
bounded as (
  select summed.*, octets is not null and (before = 0 or before + octets <= ${budget})${rows === undefined ? "" : ` and row_number <= ${rows}`} as fits
    from summed
)`;

/** SQL condition: a row of `bounded` has raw JSON that does not fit. */
export const IS_OMITTED = "not fits and (json_raw is not null or text_raw is not null)";

/** SQL for two columns: the raw JSON of a row of `bounded` if it fits, and whether it was omitted. */
export const RAW = `case when fits then coalesce(json_raw::text, text_raw) end as raw,
       (${IS_OMITTED})::text as raw_omitted`;

/**
 * Returns SQL for the rows of `select` with the column `small`: the raw JSON if its stored size is at most `bytes`.
 * `offset 0` keeps Postgres from reading the raw JSON several times.
 */
export const withSmall = (select: string, bytes: string): string => `
  select raws.*,
         case when greatest(pg_column_size(json_raw), pg_column_size(text_raw)) - 4 <= ${bytes}
              then coalesce(json_raw::text, text_raw)
         end as small
    from (${select}) as raws offset 0`;

/**
 * Returns SQL for two columns of a row of {@link withSmall}: the raw JSON if it has at most `bytes` bytes, and
 * whether it was omitted.
 */
export const smallRaw = (
  bytes: string,
): string => `case when octet_length(small) <= ${bytes} then small end as raw,
       (case when octet_length(small) <= ${bytes} then false else json_raw is not null or text_raw is not null end)::text as raw_omitted`;

/** Returns true if the row has raw JSON that was omitted. */
export const isOmitted = (row: Readonly<Record<string, unknown>>): boolean => row["raw_omitted"] === "true";
