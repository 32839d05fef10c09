/** Limits of queries. A query beyond `entries`, `names`, `skip` or `replays` is refused, not clamped. */
export const QUERY_LIMITS = {
  /** Maximum page size of `list`. */
  entries: 1_000,
  /** Maximum page size of `clients` and `metrics`. */
  names: 1_000,
  /** Maximum number of entries that `list` skips. */
  skip: 10_000,
  /** Maximum number of events that one replay call takes. */
  replays: 1_000,
  /** Maximum number of groups that `reasons` returns. */
  reasons: 1_000,
} as const;
