/** An event as it is sent, and as it must be stored. The checker uses only these values. */
export interface SentEvent {
  readonly clientId: string;
  readonly metric: string;
  /** A plain decimal, as it must be stored. */
  readonly amount: string;
  /** UTC, milliseconds. */
  readonly timestamp: string;
  readonly idempotencyKey: string;
}

let made = 0;

/** Creates events with unique keys, a few clients and metrics, and times close to one day. */
export function newEvents(count: number, run: string): SentEvent[] {
  return Array.from({ length: count }, () => {
    const n = ++made;
    return {
      clientId: `client ${n % 7}`,
      metric: `metric ${n % 3}`,
      amount: n % 2 === 0 ? String(n % 1_000) : `${n % 100}.${String((n % 9) + 1)}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + (n % 96) * 900_000 + n).toISOString(),
      idempotencyKey: `${run} ${n}`,
    };
  });
}
