import type { Standing } from "./standing.js";

/** Returns one JSON object per line: row, value, unit, against, ratio, bar, holds. */
export function jsonLines(standings: readonly Standing[]): string {
  return standings.map((standing) => JSON.stringify(plain(standing))).join("\n");
}

function plain({ row, value, unit, against, ratio, bar, holds }: Standing) {
  return {
    row,
    value: sixDigits(value),
    unit: unit.name,
    against,
    ratio: ratio && sixDigits(ratio),
    bar,
    holds,
  };
}

/** More digits would be noise. */
const sixDigits = (value: number): number => Number(value.toPrecision(6));
