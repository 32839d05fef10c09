import assert from "node:assert/strict";
import type { AggregateRow } from "@evt/core/store";

/**
 * Asserts that the rows are the expected rows, in any order. If more than `limit` rows are expected, any `limit` of
 * them are accepted.
 */
export function assertSameRows(
  actual: readonly AggregateRow[],
  expected: readonly AggregateRow[],
  limit: number,
  about: string,
): void {
  if (expected.length <= limit) {
    assert.deepEqual(sorted(actual), sorted(expected), about);
    return;
  }
  const wanted = new Map(expected.map((row) => [groupKey(row), row]));
  assert.equal(actual.length, limit, `${about}: as many rows as the limit allows`);
  assert.equal(new Set(actual.map(groupKey)).size, limit, `${about}: no group twice`);
  for (const row of actual) assert.deepEqual(row, wanted.get(groupKey(row)), about);
}

function sorted(rows: readonly AggregateRow[]): AggregateRow[] {
  return [...rows].sort((left, right) => (groupKey(left) < groupKey(right) ? -1 : 1));
}

function groupKey({ bucket, clientId, metric, unit, dimensions }: AggregateRow): string {
  return JSON.stringify([bucket, clientId, metric, unit, dimensions]);
}
