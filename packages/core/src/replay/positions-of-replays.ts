import type { ParkedEvent } from "../event.js";
import type { Identifier } from "../identity/identifier.js";
import type { Prepared } from "../ingest/prepared-event.js";
import { mapInSlices } from "../runtime/time-slice.js";
import { type CountedBefore, countedBefore, isNumberedByReplay } from "./counted-before.js";
import type { StillRefused } from "./prepare-replay.js";
import type { ReplayContext } from "./replay-context.js";
import { type Candidate, rulesOfReplays } from "./rules-of-replays.js";
import { sendingWithPosition } from "./same-sending.js";

/** A parked event after it was prepared. */
export interface Attempted {
  readonly parked: ParkedEvent;
  readonly prepared: Prepared | StillRefused;
}

export type Prepare = (parked: ParkedEvent) => Attempted["prepared"];

/** How the events of one replay call are prepared to find their positions. */
export interface Preparing {
  /** Prepares an event as if evt had not numbered it before. */
  readonly renumbered: Prepare;
  readonly under: (rules: ReadonlyMap<ParkedEvent, Identifier>) => Prepare;
  readonly isEdited: boolean;
}

/** The facts that a replay needs about events that evt numbers among equal events. */
export interface Positions {
  /** The earlier identity rules of the events that must be counted under them. */
  readonly rules: ReadonlyMap<ParkedEvent, Identifier>;
  /** The events that are already counted. */
  readonly counted: readonly CountedBefore[];
  /** For each event that a replay numbers, a string that is equal for all parked events that are the same event. */
  readonly sendings: ReadonlyMap<ParkedEvent, string>;
}

/** Finds the identity rules of numbered events, and the numbered events that are already counted. */
export async function positionsOf(
  events: readonly ParkedEvent[],
  { renumbered, under, isEdited }: Preparing,
  taken: Set<string>,
  context: ReplayContext,
  signal: AbortSignal,
): Promise<Positions> {
  const numbered = events.filter((each) => mayBeNumbered(each, context));
  if (numbered.length === 0) return { rules: new Map(), counted: [], sendings: new Map() };
  const attempted = await attemptsOf(numbered, renumbered, context);
  const candidates = attempted.filter(isPrepared);
  const rules = await rulesOfReplays(candidates, context, signal);
  const prepare = under(rules);
  const searched = candidates
    .filter(({ parked }) => !isEdited || !isNumbered(parked))
    .map((each): Attempted => (rules.has(each.parked) ? { ...each, prepared: prepare(each.parked) } : each))
    .filter(isPrepared);
  const counted = await countedBefore(searched, taken, context, signal);
  return { rules, counted, sendings: sendingsOf(searched.filter(isNumberedByReplay)) };
}

function sendingsOf(candidates: readonly Candidate[]): ReadonlyMap<ParkedEvent, string> {
  const sendings = new Map<ParkedEvent, string>();
  for (const { parked } of candidates) {
    const sending = sendingWithPosition(parked);
    if (sending !== null) sendings.set(parked, sending);
  }
  return sendings;
}

/** Prepares events in time slices. */
export async function attemptsOf(
  events: readonly ParkedEvent[],
  prepare: Prepare,
  { runtime }: Pick<ReplayContext, "runtime">,
): Promise<readonly Attempted[]> {
  return mapInSlices(events, (parked) => ({ parked, prepared: prepare(parked) }), runtime);
}

export function isPrepared(attempted: Attempted): attempted is Candidate {
  return attempted.prepared.outcome === "prepared";
}

/** Returns whether evt numbered the event before it parked it. */
export function isNumbered({ givenKey }: ParkedEvent): boolean {
  return givenKey !== null && "key" in givenKey && givenKey.numbered !== undefined;
}

/** Returns whether the replay may have to choose the position of the event among equal events. */
function mayBeNumbered(parked: ParkedEvent, { choice, identifier }: ReplayContext): boolean {
  const { givenKey, identity } = parked;
  if (givenKey === null) return false;
  if ("batchKey" in givenKey) return true;
  if (isNumbered(parked)) return identifier.earlier.length > 0;
  return identity === null && choice.numbers;
}
