import type { AggregationQuery, AggregationRow } from "@evt/core";

/** An event, with an amount in any plain notation. */
export interface Sent {
  readonly client: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
}

/** Returns a row as one string: its group, then its totals. */
export function comparable({ bucket, clientId, metric, count, sum, min, max }: AggregationRow): string {
  return JSON.stringify([bucket?.slice(0, 10), clientId, metric, count, sum, min, max]);
}

/** Computes the totals of events without core and the store. Returns them as {@link comparable} does. */
export function totalsOf(
  events: readonly Sent[],
  { clientId, metric, from, to, groupBy = [], interval, timeZone }: AggregationQuery,
): string[] {
  const wanted = events.filter(
    (event) =>
      (clientId === undefined || event.client === clientId) &&
      (metric === undefined || event.metric === metric) &&
      (from === undefined || micros(event.timestamp) >= micros(String(from))) &&
      (to === undefined || micros(event.timestamp) < micros(String(to))),
  );
  const groups = new Map<string, bigint[]>();
  for (const event of wanted) {
    const group = JSON.stringify([
      interval && bucketOf(event.timestamp, interval, timeZone),
      groupBy.includes("clientId") ? event.client : undefined,
      groupBy.includes("metric") ? event.metric : undefined,
    ]);
    groups.set(group, [...(groups.get(group) ?? []), units(event.amount)]);
  }
  return [...groups].map(([group, amounts]) => {
    const sorted = [...amounts].sort((left, right) => (left < right ? -1 : 1));
    const sum = amounts.reduce((total, each) => total + each, 0n);
    const totals = [amounts.length, decimal(sum), decimal(sorted[0] ?? 0n), decimal(sorted.at(-1) ?? 0n)];
    return JSON.stringify([...(JSON.parse(group) as unknown[]), ...totals]);
  });
}

/** Returns the first day of the local day or month in the zone's calendar. */
function bucketOf(timestamp: string, interval: string, timeZone = "UTC"): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const value = Object.fromEntries(
    parts.formatToParts(new Date(timestamp)).map(({ type, value }) => [type, value]),
  );
  return `${value["year"]?.padStart(4, "0")}-${value["month"]}-${interval === "month" ? "01" : value["day"]}`;
}

/** Returns the microseconds since 1970. */
export function micros(timestamp: string): bigint {
  const [seconds = "", fraction = ""] = timestamp.slice(0, -1).split(".");
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000n + BigInt(fraction.padEnd(6, "0"));
}

/** Returns an amount as a whole number of 10^-18. */
function units(amount: string): bigint {
  const negative = amount.startsWith("-");
  const [whole = "", fraction = ""] = amount.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(18, "0"));
  return negative ? -size : size;
}

/** Returns an amount as it is stored. */
export const canonical = (amount: string): string => decimal(units(amount));

function decimal(value: bigint): string {
  if (value < 0n) return `-${decimal(-value)}`;
  const digits = value.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, "");
}
