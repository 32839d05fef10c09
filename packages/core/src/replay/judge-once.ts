import type { ParkedEvent } from "../event.js";
import type { ReplayAttempt } from "../store.js";
import { type Judged, repeatedReplay } from "./judge-replay.js";

interface Sendings {
  readonly sendings: ReadonlyMap<ParkedEvent, string>;
  /** Ids of the events that this call counted or found, by their sendings. */
  readonly counted: Map<string, string>;
  /** Returns the id and the time of a new replay attempt. */
  readonly attempt: () => Pick<ReplayAttempt, "replayId" | "at">;
  readonly judgeSome: (events: readonly ParkedEvent[]) => Promise<readonly Judged[]>;
}

/**
 * Judges all events. Result i belongs to event i. If evt parked one event twice, for different reasons, only the first is
 * counted, and the second is a duplicate.
 */
export async function judgeOnce(
  events: readonly ParkedEvent[],
  { sendings, counted, judgeSome, attempt }: Sendings,
): Promise<readonly Judged[]> {
  const judged = new Map<ParkedEvent, Judged>();
  for (let left = events; left.length > 0; left = left.filter((parked) => !judged.has(parked))) {
    const repeated = left.filter((parked) => counted.has(sendings.get(parked) ?? ""));
    for (const parked of repeated) {
      const id = counted.get(sendings.get(parked) ?? "") as string;
      judged.set(parked, repeatedReplay(parked, id, attempt()));
    }
    const others = left.filter((parked) => !judged.has(parked));
    const first = new Map(
      others.map((parked) => [sendings.get(parked) ?? parked, parked] as const).toReversed(),
    );
    const firsts = others.filter((parked) => first.get(sendings.get(parked) ?? parked) === parked);
    for (const [i, each] of (await judgeSome(firsts)).entries()) {
      const parked = firsts[i] as ParkedEvent;
      const { outcome } = each.result;
      judged.set(parked, each);
      const sending = sendings.get(parked);
      if (sending === undefined || (outcome !== "processed" && outcome !== "duplicate")) continue;
      counted.set(sending, each.result.id);
    }
  }
  return events.map((parked) => judged.get(parked) as Judged);
}
