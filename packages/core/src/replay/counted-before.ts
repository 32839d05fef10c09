import { isSameEvent } from "../ingest/judge.js";
import type { Twin } from "../ingest/prepared-event.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { EventRecord, Holder, ReplayAttempt, ReplayStore } from "../store.js";
import { isOfCountedEvent } from "./judge-replay.js";
import { numberOf } from "./prepare-replay.js";
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
  let groups = groupsOf(candidates);
  while (groups.length > 0) {
    const unfinished: Group[] = [];
    for (const [group, holders] of await nextHolders(groups, context, signal)) {
      for (const holder of holders) {
        const candidate = holder && (await countedBy(holder, group, { ...context, taken }, signal));
        if (holder === null || candidate === null) continue;
        found.push({ ...candidate, holder });
        taken.add(holder.claim.id);
      }
      if (group.open.size > 0 && !holders.includes(null)) unfinished.push(group);
    }
    groups = unfinished;
  }
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

/** Returns the holders of the next positions of each group, and `null` for each free position. */
async function nextHolders(
  groups: readonly Group[],
  { store, rawChars, ...context }: Context,
  signal: AbortSignal,
): Promise<readonly (readonly [Group, readonly (Holder | null)[]])[]> {
  const pages = groups.map(nextRecords);
  const read = () => store.holders(pages.flat(), { signal, rawChars });
  const holders = await withRetry(read, context, signal);
  let at = 0;
  return groups.map((group, i) => {
    const page = (pages[i] ?? []).map(() => holders[at++] ?? null);
    return [group, page];
  });
}

/**
 * Returns the records of the next positions. There is one more than there are candidates, so that one page is usually
 * enough.
 */
function nextRecords(group: Group): readonly EventRecord[] {
  const length = group.candidates.length + 1;
  const from = group.lookedUp;
  group.lookedUp += length;
  return Array.from({ length }, (_, i) => group.twin.recordAt(from + i));
}

/**
 * Finds the candidate that is the same event as this counted event, and removes it from `open`. Returns `null` if there
 * is none.
 */
async function countedBy(
  { claim, event }: Holder,
  { open, candidates: [first] }: Group,
  context: Search,
  signal: AbortSignal,
): Promise<Candidate | null> {
  const { tenantId } = first.parked;
  if (event === null || !isSameEvent(first.prepared, claim) || context.taken.has(claim.id)) return null;
  const text = event.rawOmitted ? await rawTextOf(tenantId, claim.id, context, signal) : event.rawJson;
  const alike = text === null ? undefined : open.get(text);
  if (text === null || alike === undefined) return null;
  const candidate = await oneOf(
    alike,
    () => context.store.history(tenantId, claim.id, { signal }),
    context,
    signal,
  );
  if (candidate === null) return null;
  alike.splice(alike.indexOf(candidate), 1);
  // the search ends when `open` is empty
  if (alike.length === 0) open.delete(text);
  return candidate;
}

/**
 * Chooses one of the candidates by the counted event's replay history. If a replay counted the event, only the parked
 * event of that replay fits.
 */
async function oneOf(
  alike: readonly Candidate[],
  history: () => Promise<readonly ReplayAttempt[]>,
  context: RetryContext,
  signal: AbortSignal,
): Promise<Candidate | null> {
  const attempts = (await withRetry(history, context, signal)).filter(isOfCountedEvent);
  if (attempts.length === 0) return alike[0] ?? null;
  return alike.find(({ parked }) => attempts.some(({ parkedId }) => parkedId === parked.id)) ?? null;
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
