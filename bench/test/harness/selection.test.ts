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

test("all rows run if none is named", () => {
  expect(namesOf([])).toEqual(["floor", "naive", "store", "ingest"]);
});

test("a named row includes the rows it is compared with, and so on for those rows", () => {
  expect(namesOf(["store"])).toEqual(["floor", "naive", "store"]);
  expect(namesOf(["floor"])).toEqual(["floor"]);
});

test("a row that is compared with the best of several includes all of them", () => {
  const best: Row = { ...row("best"), comparisons: [{ against: ["naive", "ingest"], bar: 1 }] };
  expect(selectedRows([...rows, best], ["best"]).map(({ name }) => name)).toEqual([
    "floor",
    "naive",
    "ingest",
    "best",
  ]);
});

test("a contest without a named row does not run", () => {
  expect(namesOf(["elsewhere"])).toEqual([]);
});
