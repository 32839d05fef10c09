/** The part after a date: a separator and a time of day, optionally with AM or PM and with an offset or UTC. */
const AFTER_DATE =
  /^( |T|, )(\d{1,2}):(\d{2})(?::(\d{2})([.,]\d+)?)?(?:( ?)([AP]M))?(?:( ?)(UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}))?$/i;

/** The luxon token `u` reads up to nine digits. */
const MOST_DECIMALS = 9;

/**
 * Returns the luxon pattern for the part after a date. `null` if evt knows no luxon pattern for this part. For example,
 * luxon has no token for more than nine decimals, and none that reads `Z` as UTC. `"impossible"` if no clock shows this
 * time.
 */
export function clockPattern(rest: string): string | null | "impossible" {
  if (rest === "") return "";
  const match = AFTER_DATE.exec(rest);
  if (match === null) return null;
  const [, before = "", hour = "", minute = "", second, decimals, gap, half, zoneGap, zone] = match;
  if (!isClock(Number(hour), Number(minute), Number(second ?? 0), half !== undefined)) return "impossible";
  if (decimals !== undefined && decimals.length > MOST_DECIMALS + 1) return null;
  if (zone !== undefined && !isOffset(zone)) return "impossible";
  const hours = half === undefined ? "H" : "h";
  return [
    before.toUpperCase() === "T" ? `'${before}'` : before,
    hour.length === 1 ? hours : hours + hours,
    ":mm",
    second === undefined ? "" : ":ss",
    decimals === undefined ? "" : `${decimals.charAt(0)}${decimals.length === 4 ? "SSS" : "u"}`,
    half === undefined ? "" : `${gap}a`,
    zone === undefined ? "" : zoneGap + zoneToken(zone),
  ].join("");
}

function isClock(hour: number, minute: number, second: number, isHalf: boolean): boolean {
  return (isHalf ? hour >= 1 && hour <= 12 : hour <= 23) && minute <= 59 && second <= 59;
}

function isOffset(zone: string): boolean {
  return !/^[+-]/.test(zone) || (Number(zone.slice(1, 3)) <= 23 && Number(zone.slice(-2)) <= 59);
}

function zoneToken(zone: string): string {
  if (!/^[+-]/.test(zone)) return "z";
  return zone.includes(":") ? "ZZ" : "ZZZ";
}
