import assert from "node:assert/strict";
import type { Entry, EntryPage, EntryQuery } from "@evt/core/store";
import { at, storedOf, TENANT } from "../samples.js";
import type { Trial } from "../trial.js";

/** A query for every entry of the samples' tenant. */
export const ALL: EntryQuery = {
  tenantId: TENANT,
  statuses: ["processed", "rejected", "conflict", "failed"],
  limit: 2_000,
};

/**
 * Stores counted and parked events of every kind, many with the same `receivedAt`. Returns the entries of the list.
 */
export async function fill(t: Trial): Promise<readonly Entry[]> {
  const times = ["2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00.000001Z"];
  const records = Array.from({ length: 24 }, (_, index) =>
    t.record({
      receivedAt: at([0, 0, 0, 1, 2_000][index % 5] ?? 0),
      clientId: index % 2 === 0 ? "a" : "b",
      metric: index % 3 === 0 ? "m" : "n",
      timestamp: times[index % times.length] ?? "",
    }),
  );
  const [failed = [], conflicting = [], unsent = []] = [0, 1, 2].map((part) =>
    records.filter((_, index) => index % 6 === part),
  );
  const parked = [
    ...failed.map((record) => t.failure(record)),
    ...conflicting.map((record) =>
      t.failure(record, { status: "conflict", id: t.record().identity, error: null }),
    ),
    ...unsent.map(({ receivedAt, clientId }) =>
      t.rejected({ receivedAt, lastAttemptAt: receivedAt, clientId }),
    ),
  ];
  await t.park(...parked);
  const counted = records.filter((record) => !failed.includes(record) && !unsent.includes(record));
  await t.insert(...counted);
  return [...counted.map(storedOf), ...parked];
}

/** Reads all pages. `between` runs after each page except the last. */
export async function walk(
  t: Trial,
  query: EntryQuery,
  between?: (last: Entry) => Promise<void>,
  rawChars?: number,
): Promise<readonly Entry[]> {
  const walked: Entry[] = [];
  const call = { ...t.call, ...(rawChars !== undefined && { rawChars }) };
  let page: EntryPage = await t.store.list(query, call);
  for (;;) {
    walked.push(...page.entries);
    const last = page.entries.at(-1);
    assert.ok(page.entries.length <= query.limit, "a page is no longer than its limit");
    if (!page.more || last === undefined) return walked;
    await between?.(last);
    page = await t.store.list({ ...query, after: { receivedAt: last.receivedAt, id: last.id } }, call);
  }
}
