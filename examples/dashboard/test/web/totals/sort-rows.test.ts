import { describe, expect, test } from "vitest";
import { sortRows } from "../../../web/src/totals/sort-rows.js";

const row = (clientId: string, count: number, sum: string) => {
  return { clientId, unit: null, count, sum, average: null, min: null, max: null };
};
const rows = [row("b", 2, "9"), row("a", 3, "10"), row("c", 1, "-5.5")];
const clients = (sorted: readonly { clientId?: string }[]) => sorted.map(({ clientId }) => clientId).join("");

describe("sortRows", () => {
  test("sums are sorted as numbers, not as strings", () => {
    expect(clients(sortRows(rows, { column: "sum", direction: "descending" }))).toBe("abc");
  });

  test("names are sorted as strings, counts as numbers", () => {
    expect(clients(sortRows(rows, { column: "clientId", direction: "ascending" }))).toBe("abc");
    expect(clients(sortRows(rows, { column: "count", direction: "ascending" }))).toBe("cba");
  });
});
