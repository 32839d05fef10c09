const WITH_MICROSECONDS = "2024-01-01T00:00:00.000000Z".length;

/**
 * A canonical instant padded to microseconds, so that the order of texts is the order in time. As they stand it is
 * not: `00:00:00.000001Z` is later than `00:00:00.000Z`, and sorts before it.
 */
export function sortable(instant: string): string {
  return instant.length < WITH_MICROSECONDS ? `${instant.slice(0, -1)}000Z` : instant;
}
