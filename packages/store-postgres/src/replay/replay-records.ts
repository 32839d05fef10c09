import { EvtError, type Replay, type ReplayOutcome } from "@evt/core/store";
import type { Session } from "../connection/connections.js";
import { type HoldersStatement, holdersByOrdinal } from "../insert/holders-statement.js";
import { using } from "../insert/insert-records.js";
import type { Partitions } from "../insert/partitions.js";
import { twinsAmong } from "../insert/twins.js";
import type { ByteWriters } from "../wire/byte-writers.js";
import { attempt, resolvingReplaysQuery } from "./history-query.js";
import { type ReplayStatement, replayOrdinals } from "./replay-statement.js";

export interface ReplayParts {
  readonly schema: string;
  readonly replay: ReplayStatement;
  readonly holders: HoldersStatement;
  readonly partitions: Partitions;
  readonly writers: ByteWriters;
  readonly onTallied: (cells: number) => void;
}

type Query = Session["query"];

/** Counts replayed events, each in place of its parked event. Outcome i belongs to replay i. */
export async function replayRecords(
  replays: readonly Replay[],
  parts: ReplayParts,
  { query }: Session,
): Promise<readonly ReplayOutcome[]> {
  const outcomes = new Map<Replay, ReplayOutcome>();
  const twins = twinsAmong(replays.map(({ record }) => record));
  // one statement cannot claim an identity twice, so each turn inserts at most one record of each group of twins
  for (let turn = 0; outcomes.size < replays.length; turn++) {
    const different = twins
      .flatMap((group) => group[turn] ?? [])
      .map(({ index }) => replays[index] as Replay);
    for (const [replay, outcome] of await replayDifferent(different, parts, query))
      outcomes.set(replay, outcome);
  }
  return replays.map((replay) => outcomes.get(replay) as ReplayOutcome);
}

async function replayDifferent(
  replays: readonly Replay[],
  parts: ReplayParts,
  query: Query,
): Promise<ReadonlyMap<Replay, ReplayOutcome>> {
  const { replay: statement, partitions, writers, onTallied } = parts;
  const records = replays.map(({ record }) => record);
  const rows = await using(writers, (writer) => {
    const inserting = statement.with(writer, replays);
    return partitions.retrying(records, query, () => query(inserting));
  });
  const { open, won } = replayOrdinals(rows);
  if (won.size > 0) onTallied(won.size);
  const lost = replays.filter((_, i) => open.has(i) && !won.has(i));
  const closed = replays.filter((_, i) => !open.has(i));
  const inserted = replays.filter((_, i) => won.has(i));
  return new Map<Replay, ReplayOutcome>([
    ...inserted.map((replay) => [replay, { outcome: "inserted" }] as const),
    ...(await takenOf(lost, parts, query)),
    ...(await resolvedOf(closed, parts, query)),
  ]);
}

async function takenOf(
  replays: readonly Replay[],
  { holders, writers }: ReplayParts,
  query: Query,
): Promise<(readonly [Replay, ReplayOutcome])[]> {
  if (replays.length === 0) return [];
  const records = replays.map(({ record }) => record);
  const rows = await using(writers, (writer) => query(holders.taken(writer, records)));
  const found = holdersByOrdinal(rows, records);
  return replays.map((replay, i) => {
    const holder = found.get(i);
    if (holder === undefined) throw vanishedError();
    return [replay, { outcome: "taken", ...holder }];
  });
}

function vanishedError(): EvtError {
  return new EvtError("EVT_STORE_UNAVAILABLE", "a claim was taken, but was gone when it was read");
}

async function resolvedOf(
  replays: readonly Replay[],
  { schema }: ReplayParts,
  query: Query,
): Promise<(readonly [Replay, ReplayOutcome])[]> {
  const [first] = replays;
  if (first === undefined) return [];
  const ids = replays.map(({ parkedId }) => parkedId);
  const rows = await query(resolvingReplaysQuery(schema, first.record.tenantId, ids));
  const byOrdinal = new Map(rows.map((row) => [Number(row["ordinal"]), row]));
  return replays.map((replay, i) => {
    const row = byOrdinal.get(i);
    if (row === undefined || row["known"] !== "true") return [replay, { outcome: "unknown" }];
    return [replay, { outcome: "settled", attempt: row["parked_id"] === null ? null : attempt(row) }];
  });
}
