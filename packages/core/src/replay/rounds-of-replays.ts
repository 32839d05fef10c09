import type { ParkedEvent } from "../event.js";
import type { ReplayContext } from "./replay-context.js";
import { sendingOf } from "./same-sending.js";

/**
 * Returns the events in rounds. Usually, all events are in one round. If earlier identity rules numbered an event, the
 * events with its raw event are in different rounds, because each may be the same event as one before.
 */
export function roundsOf(
  events: readonly ParkedEvent[],
  { identifier }: Pick<ReplayContext, "identifier">,
): readonly (readonly ParkedEvent[])[] {
  const isOfEarlierRules = ({ givenKey }: ParkedEvent) =>
    givenKey !== null &&
    "key" in givenKey &&
    (givenKey.numbered?.rules ?? identifier.rules) !== identifier.rules;
  const uncertain = new Set(events.filter(isOfEarlierRules).map(sendingOf));
  if (uncertain.size === 0) return [events];
  const rounds: ParkedEvent[][] = [];
  const next = new Map<string, number>();
  for (const parked of events) {
    const sending = sendingOf(parked);
    const round = sending !== null && uncertain.has(sending) ? (next.get(sending) ?? 0) : 0;
    if (sending !== null) next.set(sending, round + 1);
    rounds[round] ??= [];
    rounds[round].push(parked);
  }
  return rounds;
}
