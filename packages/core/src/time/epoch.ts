import { timestampMs } from "./canonical-timestamp.js";
import { SECOND_MS } from "./civil-date.js";
import { isoInstant } from "./iso-instant.js";

/** The unit of Unix time. */
export type EpochUnit = "seconds" | "milliseconds" | "microseconds" | "nanoseconds";

/** The rules for reading numbers and digits as Unix time. */
export interface EpochOptions {
  /** The unit of all numbers. @defaultValue the unit in which the number is from `from` to `to` */
  readonly unit?: EpochUnit | undefined;
  /**
   * The earliest instant that a number may mean, as ISO 8601. Without a `unit`, this instant must be in 1971 or later.
   * @defaultValue with a unit no limit, else "2000-01-01T00:00:00Z"
   */
  readonly from?: string | undefined;
  /**
   * The end of the range of instants, exclusive, as ISO 8601. Without a `unit`, each number must fit only one unit. So
   * the time from 1970 to `to` must be at most a thousand times the time from 1970 to `from`.
   * @defaultValue with a unit no limit, else "2100-01-01T00:00:00Z"
   */
  readonly to?: string | undefined;
}

/** 2000-01-01T00:00:00Z, and 2100-01-01T00:00:00Z. */
export const FIRST_SECOND = 946_684_800;
export const END_SECOND = 4_102_444_800;

/** Units from the longest to the shortest. A second has `10 ** places` of the unit. */
export const UNITS: readonly (readonly [unit: EpochUnit, places: number])[] = [
  ["seconds", 0],
  ["milliseconds", 3],
  ["microseconds", 6],
  ["nanoseconds", 9],
];

/** Compiled {@link EpochOptions}. */
export interface EpochRule {
  readonly units: typeof UNITS;
  /** The range in seconds since 1970; `endSecond` is exclusive. */
  readonly fromSecond: number;
  readonly endSecond: number;
  /** The range of Excel dates. An end that the options do not set is 2000 or 2100. */
  readonly serials: { readonly fromSecond: number; readonly endSecond: number };
  /** Whether no options are set. A number then has the unit in which it is from 2000 to 2100. */
  readonly isDefault: boolean;
  readonly hasUnit: boolean;
}

export const DEFAULT_EPOCH: EpochRule = {
  units: UNITS,
  fromSecond: FIRST_SECOND,
  endSecond: END_SECOND,
  serials: { fromSecond: FIRST_SECOND, endSecond: END_SECOND },
  isDefault: true,
  hasUnit: false,
};

/** Compiles the options. @throws TypeError if `from` or `to` is not an instant */
export function epochRule(epoch: EpochUnit | EpochOptions | undefined): EpochRule {
  if (epoch === undefined) return DEFAULT_EPOCH;
  const { unit, from, to } = typeof epoch === "string" ? { unit: epoch } : epoch;
  const fromSecond = from === undefined ? undefined : secondOf("epoch.from", from);
  const endSecond = to === undefined ? undefined : secondOf("epoch.to", to);
  const serials = { fromSecond: fromSecond ?? FIRST_SECOND, endSecond: endSecond ?? END_SECOND };
  const common = { serials, isDefault: false, hasUnit: unit !== undefined };
  if (unit === undefined) return { units: UNITS, ...serials, ...common };
  const units = UNITS.filter(([name]) => name === unit);
  return { units, fromSecond: fromSecond ?? -Infinity, endSecond: endSecond ?? Infinity, ...common };
}

/** Returns the instant of an option as whole seconds since 1970. */
function secondOf(what: string, instant: unknown): number {
  return Math.floor(timestampMs(isoInstant(what, instant)) / SECOND_MS);
}
