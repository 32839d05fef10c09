/** The content of a cell. `null` is an empty cell. */
export type Cell = string | number | null;

/** Characters with which a formula of a spreadsheet may begin, including full-width forms. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
/** A decimal as evt writes it. It may begin with a minus sign. */
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const QUOTED = /[",\r\n]/;

/**
 * Returns a record of CSV (RFC 4180). If a spreadsheet could run a cell as a formula, the cell begins with an apostrophe.
 * Decimals are unchanged.
 */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  const safe = FORMULA.test(text) && !DECIMAL.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
