const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

/** Returns `2024-01-15 10:30:00 UTC`, with the fraction if it is not zero. */
export function absoluteText(iso: string): string {
  const [date = "", time = ""] = iso.replace(/Z$/, "").split("T");
  return `${date} ${time.replace(/\.0+$/, "")} UTC`;
}

/** Returns the elapsed time if it is less than a day. If not, returns the date and the minute in UTC. */
export function shortText(iso: string, now: number): string {
  const at = Date.parse(iso);
  const age = now - at;
  if (Number.isNaN(at) || Math.abs(age) >= DAY) return iso.slice(0, 16).replace("T", " ");
  if (Math.abs(age) < 5_000) return "now";
  if (Math.abs(age) < MINUTE) return relative.format(-Math.round(age / 1_000), "second");
  if (Math.abs(age) < HOUR) return relative.format(-Math.round(age / MINUTE), "minute");
  return relative.format(-Math.round(age / HOUR), "hour");
}

export function localText(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleString("en-GB", { timeZoneName: "short" });
}
