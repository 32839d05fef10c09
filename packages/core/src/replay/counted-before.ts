import { isSameEvent } from "../ingest/judge.js";
import type { Twin } from "../ingest/prepared-event.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { EventRecord, Holder, ReplayStore } from "../store.js";
import { numberOf } from "./prepare-replay.js";
import { replayedAs } from "./replayed-as.js";
import type { Candidate } from "./rules-of-replays.js";

interface Context extends RetryContext {
  readonly store: ReplayStore;
  readonly rawChars: number;
}

interface Search extends Context {
  readonly taken: ReadonlySet<string>;
}

/** A parked event that is already counted, with the holder of its identity. */
export interface CountedBefore extends Candidate {
  readonly holder: Holder;
}

/** Candidates whose identities differ only by an ordinal. */
interface Group {
  readonly candidates: [Candidate, ...Candidate[]];
  readonly twin: Twin;
  /** The number of positions that were looked up. */
  lookedUp: number;
  /** The candidates for which no counted event was found yet, by their raw events. */
  readonly open: Map<string, Candidate[]>;
  /** The counted events that no replay counted. */
  readonly later: Taken[];
}

/**
 * Finds parked events that evt already counted when the client sent the same batch earlier. Equal events of a batch
 * have the same content, and the clocks of hosts differ, so evt recognizes these events by their raw events. Each
 * counted event belongs to at most one candidate, and its id is added to `taken`. An event is not found if the counted
 * event was pruned, or if its raw event is not stored.
 */
export async function countedBefore(
  candidates: readonly Candidate[],
  taken: Set<string>,
  context: Context,
  signal: AbortSignal,
): Promise<readonly CountedBefore[]> {
  const found: CountedBefore[] = [];
  const search = { ...context, taken };
  const match = async (position: Taken, group: Group, isReplayed: boolean) => {
    const candidate = await countedBy(position, group, isReplayed, search, signal);
    if (candidate === "later" || candidate === null) return candidate;
    found.push({ ...candidate, holder: position.holder });
    taken.add(position.holder.claim.id);
    return null;
  };
  let groups = groupsOf(candidates);
  const all = groups;
  while (groups.length > 0) {
    const unfinished: Group[] = [];
    for (const [group, positions] of await nextHolders(groups, context, signal)) {
      for (const { record, holder } of positions) {
        if (holder === null) continue;
        if ((await match({ record, holder }, group, true)) === "later") group.later.push({ record, holder });
      }
      if (group.open.size > 0 && positions.every(({ holder }) => holder !== null)) unfinished.push(group);
    }
    groups = unfinished;
  }
  // last, because any candidate with the raw event fits, and another one may be the event of a replay
  for (const group of all) for (const position of group.later) await match(position, group, false);
  return found;
}

function groupsOf(candidates: readonly Candidate[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const candidate of candidates) {
    const { parked, prepared } = candidate;
    const { twin, record } = prepared;
    const { rawJson } = parked;
    if (twin === null || !isNumberedByReplay(candidate) || rawJson === null) continue;
    const name = `${record.rules} ${twin.group}`;
    const group = groups.get(name);
    if (group === undefined) {
      groups.set(name, {
        candidates: [candidate],
        twin,
        lookedUp: 0,
        open: new Map([[rawJson, [candidate]]]),
        later: [],
      });
      continue;
    }
    group.candidates.push(candidate);
    group.open.set(rawJson, [...(group.open.get(rawJson) ?? []), candidate]);
  }
  return [...groups.values()];
}

/** Returns whether the replay, and no earlier call, chose the event's position among equal events. */
export function isNumberedByReplay({ parked, prepared }: Candidate): boolean {
  if (prepared.twin === null || prepared.provenance.idempotencyKey !== undefined) return false;
  return numberOf(parked, { identifier: { rules: prepared.record.rules ?? 1 } }).ordinal === undefined;
}

/** A position of a group: its record, and the holder of the record's identity. */
interface Position<H = Holder | null> {
  readonly record: EventRecord;
  /** `null` if the position is free. */
  readonly holder: H;
}

type Taken = Position<Holder>;

/** Returns the next positions of each group. */
async function nextHolders(
  groups: readonly Group[],
  { store, rawChars, ...context }: Context,
  signal: AbortSignal,
): Promise<readonly (readonly [Group, readonly Position[]])[]> {
  const pages = groups.map(nextRecords);
  const read = () => store.holders(pages.flat(), { signal, rawChars });
  const holders = await withRetry(read, context, signal);
  let at = 0;
  return groups.map((group, i) => {
    const page = (pages[i] ?? []).map((record) => ({ record, holder: holders[at++] ?? null }));
    return [group, page];
  });
}

/**
 * Returns the records of the next positions. There is one more than there are candidates, so that one page is usually
 * enough.
 */
function nextRecords(group: Group): readonly EventRecord[] {
  const from = group.lookedUp;
  // pages double, so that few are read even if a batch has many equal events
  const length = Math.max(group.candidates.length + 1, from);
  group.lookedUp += length;
  return Array.from({ length }, (_, i) => group.twin.recordAt(from + i));
}

/**
 * Finds the candidate that is the same event as this counted event, and removes it from `open`. Its record is then that
 * of the position. Returns `null` if there is none, and `later` if no replay counted the event but `isReplayed` is set.
 */
async function countedBy(
  { record, holder: { claim, event } }: Taken,
  { open, candidates: [first] }: Group,
  isReplayed: boolean,
  context: Search,
  signal: AbortSignal,
): Promise<Candidate | "later" | null> {
  const { tenantId } = first.parked;
  if (event === null || !isSameEvent({ ...first.prepared, record }, claim)) return null;
  const text = event.rawOmitted ? await rawTextOf(tenantId, claim.id, context, signal) : event.rawJson;
  const alike = text === null ? undefined : open.get(text);
  if (text === null || alike === undefined) return null;
  const replayed = isReplayed ? await replayedAs(tenantId, claim.id, context, signal) : null;
  if (replayed === null && isReplayed) return "later";
  if (replayed === null && context.taken.has(claim.id)) return null;
  // if a replay counted the event, only the parked event of that replay fits
  const candidate = replayed === null ? alike[0] : alike.find(({ parked }) => replayed.isOf(parked));
  if (candidate === undefined) return null;
  alike.splice(alike.indexOf(candidate), 1);
  // the search ends when `open` is empty
  if (alike.length === 0) open.delete(text);
  return { ...candidate, prepared: { ...candidate.prepared, record } };
}

/** Reads a single raw event, because raw events may be large. */
async function rawTextOf(
  tenantId: string,
  id: string,
  { store, rawChars, ...context }: Context,
  signal: AbortSignal,
): Promise<string | null> {
  const read = () => store.get(tenantId, [id], { signal, rawChars });
  const [entry] = await withRetry(read, context, signal);
  return entry?.rawJson ?? null;
}
