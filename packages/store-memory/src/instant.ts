const WITH_MICROSECONDS = "2024-01-01T00:00:00.000000Z".length;

/**
 * Pads a canonical instant to microseconds, so that strings sort by time. Without padding, `00:00:00.000001Z` sorts before
 * the earlier `00:00:00.000Z`.
 */
export function sortable(instant: string): string {
  return instant.length < WITH_MICROSECONDS ? `${instant.slice(0, -1)}000Z` : instant;
}
