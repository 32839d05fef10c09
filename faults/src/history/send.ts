import type { History, Told } from "./history.js";
import type { SentEvent } from "./sent-event.js";

export interface Target {
  /** Of the server: `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly tenantId: string;
}

interface Result {
  readonly outcome: Told | "failed";
}

const PAUSE_MS = 15;
const ANSWER_MS = 15_000;
/** Whoever gets no answer for so long has found a defect. */
const PATIENCE_MS = 300_000;
/** One who is told that too much is going on comes again after the second that `Retry-After` says, and later each time. */
const OVERLOADED_MS = 1_000;
const LATEST_MS = 16_000;

/** Sends a batch again and again until each of its events was told something that settles it. */
export async function sendUntilTold(
  events: readonly SentEvent[],
  target: () => Target,
  history: History,
): Promise<void> {
  let overloaded = 0;
  for (const since = performance.now(); ; ) {
    for (const event of events) history.willSend(event);
    const { results, isOverloaded } = await sendOnce(events, target(), history);
    for (const [i, event] of events.entries()) {
      const outcome = results?.[i]?.outcome ?? "failed";
      if (outcome === "failed") history.wasNotTold(event);
      else history.wasTold(event, outcome);
    }
    if (results?.every(({ outcome }) => outcome !== "failed")) return;
    if (performance.now() - since > PATIENCE_MS) {
      history.unexpected.push(`a batch was not settled within ${PATIENCE_MS} ms`);
      return;
    }
    if (isOverloaded) overloaded++;
    const latest = Math.min(LATEST_MS, OVERLOADED_MS * 2 ** overloaded);
    const pause = isOverloaded ? OVERLOADED_MS + Math.random() * latest : PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

interface Answer {
  readonly results: readonly Result[] | null;
  readonly isOverloaded: boolean;
}

/** The results of a batch: `null` where there was no answer, or one that says: send it again. */
async function sendOnce(
  events: readonly SentEvent[],
  { url, tenantId }: Target,
  history: History,
): Promise<Answer> {
  try {
    const response = await fetch(`${url}/api/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tenant": tenantId, Prefer: "return=minimal" },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const body = (await response.json()) as { readonly results?: readonly Result[]; readonly code?: string };
    if (![200, 207, 422, 503].includes(response.status))
      history.unexpected.push(`a batch of good events was answered ${response.status} ${body.code}`);
    if (body.results !== undefined && body.results.length !== events.length)
      history.unexpected.push(`${events.length} events were answered with ${body.results.length} results`);
    return { results: body.results ?? null, isOverloaded: body.code === "EVT_OVERLOADED" };
  } catch {
    return { results: null, isOverloaded: false };
  }
}
