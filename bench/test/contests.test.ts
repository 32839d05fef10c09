import { describe, expect, test } from "vitest";
import { CONTESTS, HEADLINES } from "../src/contests.js";
import { rivalsOf } from "../src/harness/contest.js";

describe.each(CONTESTS.map((contest, i) => [i, contest] as const))("contest %i", (_, { rows }) => {
  test("compares its rows only with its own rows", () => {
    const names = rows.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const rival of rows.flatMap(rivalsOf)) expect(names).toContain(rival);
  });
});

test("row names are unique over all contests", () => {
  const names = CONTESTS.flatMap(({ rows }) => rows.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
});

test("each headline is a row", () => {
  const names = CONTESTS.flatMap(({ rows }) => rows.map(({ name }) => name));
  expect(names).toEqual(expect.arrayContaining([...HEADLINES]));
});
