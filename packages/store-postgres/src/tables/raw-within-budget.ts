/** `StoreCall.rawChars` as a parameter. Postgres counts bytes, which are no fewer than characters. */
export const rawBudget = (rawChars: number | undefined): number =>
  rawChars === undefined ? Number.MAX_SAFE_INTEGER : Math.min(rawChars, Number.MAX_SAFE_INTEGER);

/**
 * Common table expressions that end in `bounded`: the rows of `select` (with `json_raw` and `text_raw`, one of them null),
 * and for each whether its raw text fits: with those before it, in that order, within the budget and the first `rows`.
 *
 * Where the sum is surely past the budget, nothing is measured: to measure a `json` means to decompress it. Surely past,
 * since a stored value without its header of four bytes is no larger than its text. And it is at most 88 times smaller
 * (pglz; lz4 255), so what is decompressed for a call is bounded, too.
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

/** Whether a row of `bounded` has a raw text that does not fit. */
export const IS_OMITTED = "not fits and (json_raw is not null or text_raw is not null)";

/** The raw text of a row of `bounded` where it fits; and whether it is left out. */
export const RAW = `case when fits then coalesce(json_raw::text, text_raw) end as raw,
       (${IS_OMITTED})::text as raw_omitted`;

/** The rows of `select`, with the raw text of each as `small` where it may have at most so many bytes. It is read once. */
export const withSmall = (select: string, bytes: string): string => `
  select raws.*,
         case when greatest(pg_column_size(json_raw), pg_column_size(text_raw)) - 4 <= ${bytes}
              then coalesce(json_raw::text, text_raw)
         end as small
    from (${select}) as raws offset 0`;

/** The raw text of such a row where it has at most so many bytes; and whether it is left out. */
export const smallRaw = (
  bytes: string,
): string => `case when octet_length(small) <= ${bytes} then small end as raw,
       (case when octet_length(small) <= ${bytes} then false else json_raw is not null or text_raw is not null end)::text as raw_omitted`;

export const isOmitted = (row: Readonly<Record<string, unknown>>): boolean => row["raw_omitted"] === "true";
