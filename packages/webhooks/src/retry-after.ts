/** The longest delay that a receiver may request, in seconds: one day. */
export const MAX_RETRY_AFTER_S = 86_400;

/** The date format that RFC 9110 requires of senders, such as `Sun, 06 Nov 1994 08:49:37 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Returns the number of seconds that a `Retry-After` header requests (RFC 9110, section 10.2.3), at most {@link
 * MAX_RETRY_AFTER_S}. Returns 0 if the header is missing or unreadable, or if its date has passed.
 */
export function retryAfterS(header: string | null, nowMs: number): number {
  const value = header?.trim() ?? "";
  return Math.min(MAX_RETRY_AFTER_S, Math.max(0, secondsOf(value, nowMs)));
}

function secondsOf(value: string, nowMs: number): number {
  if (/^\d+$/.test(value)) return Number(value);
  const until = HTTP_DATE.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(until) ? 0 : Math.ceil((until - nowMs) / 1_000);
}
