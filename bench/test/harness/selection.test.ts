import { expect, test } from "vitest";
import { EVENTS_A_SECOND, type Row } from "../../src/harness/contest.js";
import { selectedRows } from "../../src/harness/selection.js";

const row = (name: string, ...against: string[]): Row => ({
  name,
  unit: EVENTS_A_SECOND,
  comparisons: against.map((other) => ({ against: other, bar: 1 })),
});
const rows = [row("floor"), row("naive", "floor"), row("store", "naive"), row("ingest", "floor")];
const namesOf = (only: readonly string[]) => selectedRows(rows, only).map(({ name }) => name);

test("all rows run where none is named", () => {
  expect(namesOf([])).toEqual(["floor", "naive", "store", "ingest"]);
});

test("a row that is named brings what it is held against, and what that is held against", () => {
  expect(namesOf(["store"])).toEqual(["floor", "naive", "store"]);
  expect(namesOf(["floor"])).toEqual(["floor"]);
});

test("a row that is held against the best of several brings all of them", () => {
  const best: Row = { ...row("best"), comparisons: [{ against: ["naive", "ingest"], bar: 1 }] };
  expect(selectedRows([...rows, best], ["best"]).map(({ name }) => name)).toEqual([
    "floor",
    "naive",
    "ingest",
    "best",
  ]);
});

test("a contest without a named row has nothing to run", () => {
  expect(namesOf(["elsewhere"])).toEqual([]);
});
