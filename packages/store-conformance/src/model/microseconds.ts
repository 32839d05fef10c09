/** Converts a canonical instant to microseconds since 1970. */
export function microseconds(instant: string): bigint {
  const millisecond = instant.slice(0, "2024-01-01T00:00:00.000".length);
  const rest = instant.slice(millisecond.length, -1);
  return BigInt(Date.parse(`${millisecond}Z`)) * 1_000n + BigInt(rest.padEnd(3, "0"));
}

interface Range {
  readonly from?: string;
  readonly to?: string;
}

/** Returns true if `from ≤ instant < to`. An absent end does not limit the range. */
export function isWithin(instant: string, { from, to }: Range): boolean {
  const time = microseconds(instant);
  return (from === undefined || time >= microseconds(from)) && (to === undefined || time < microseconds(to));
}
