// independent of core's decimals on purpose, so that the two check each other
const DIGITS = 18;

/** Converts a canonical amount to units of 10^-18. */
export function toUnits(amount: string): bigint {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const units = BigInt(whole + fraction.padEnd(DIGITS, "0"));
  return sign === "-" ? -units : units;
}

/** Converts units of 10^-18 to a canonical amount. */
export function fromUnits(units: bigint): string {
  if (units < 0n) return `-${fromUnits(-units)}`;
  const base = 10n ** BigInt(DIGITS);
  let fraction = (units % base).toString().padStart(DIGITS, "0");
  while (fraction.endsWith("0")) fraction = fraction.slice(0, -1);
  return fraction === "" ? `${units / base}` : `${units / base}.${fraction}`;
}
