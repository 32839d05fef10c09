import { expect, test } from "vitest";
import { EVENTS_A_SECOND } from "../../src/harness/contest.js";
import { jsonLines } from "../../src/harness/json-lines.js";
import type { Standing } from "../../src/harness/standing.js";
import { table, valueTable } from "../../src/harness/table.js";

const standings: readonly Standing[] = [
  {
    row: "floor",
    value: 150_123.4567,
    unit: EVENTS_A_SECOND,
    against: null,
    ratio: null,
    bar: null,
    holds: null,
  },
  {
    row: "store",
    value: 99_999.5,
    unit: EVENTS_A_SECOND,
    against: "floor",
    ratio: 0.66612345,
    bar: 0.6,
    holds: true,
  },
  {
    row: "page",
    value: 2.71,
    unit: { name: "ms", better: "less" },
    against: "store",
    ratio: 5.5,
    bar: 5,
    holds: false,
  },
];

test("the table is Markdown that is readable on a terminal", () => {
  expect(table(standings)).toBe(
    [
      "| row   |            value | against | ratio |   bar | holds |",
      "| ----- | ---------------: | ------- | ----: | ----: | ----- |",
      "| floor | 150,123 events/s |         |       |       |       |",
      "| store | 100,000 events/s | floor   | 0.666 | ≥ 0.6 | yes   |",
      "| page  |          2.71 ms | store   |  5.50 |   ≤ 5 | no    |",
    ].join("\n"),
  );
});

test("a short table has the chosen rows' values, in their order", () => {
  expect(valueTable(standings, ["page", "floor", "never measured"])).toBe(
    [
      "| row   |            value |",
      "| ----- | ---------------: |",
      "| page  |          2.71 ms |",
      "| floor | 150,123 events/s |",
    ].join("\n"),
  );
});

test("a JSON line has seven properties in order, with six digits", () => {
  expect(jsonLines(standings).split("\n")).toEqual([
    '{"row":"floor","value":150123,"unit":"events/s","against":null,"ratio":null,"bar":null,"holds":null}',
    '{"row":"store","value":99999.5,"unit":"events/s","against":"floor","ratio":0.666123,"bar":0.6,"holds":true}',
    '{"row":"page","value":2.71,"unit":"ms","against":"store","ratio":5.5,"bar":5,"holds":false}',
  ]);
});
