import type { History, ReportedOutcome } from "./history.js";
import type { SentEvent } from "./sent-event.js";

export interface Target {
  /** The server, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly tenantId: string;
}

interface Result {
  readonly outcome: ReportedOutcome | "failed";
}

const PAUSE_MS = 15;
const RESPONSE_MS = 15_000;
/** If a batch is not settled within this time, this is a bug. */
const PATIENCE_MS = 300_000;
/**
 * After `EVT_OVERLOADED`, a sender waits for at least the one second of `Retry-After`. The random rest grows each time.
 */
const OVERLOADED_MS = 1_000;
const MAX_PAUSE_MS = 16_000;

/** Sends a batch until each of its events has a definite outcome. */
export async function sendUntilSettled(
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
      if (outcome === "failed") history.recordUnknown(event);
      else history.record(event, outcome);
    }
    if (results?.every(({ outcome }) => outcome !== "failed")) return;
    if (performance.now() - since > PATIENCE_MS) {
      history.unexpected.push(`a batch was not settled within ${PATIENCE_MS} ms`);
      return;
    }
    if (isOverloaded) overloaded++;
    const latest = Math.min(MAX_PAUSE_MS, OVERLOADED_MS * 2 ** overloaded);
    const pause = isOverloaded ? OVERLOADED_MS + Math.random() * latest : PAUSE_MS;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

interface BatchResults {
  readonly results: readonly Result[] | null;
  readonly isOverloaded: boolean;
}

/** Sends a batch once. `results` is `null` if there was no response with results. */
async function sendOnce(
  events: readonly SentEvent[],
  { url, tenantId }: Target,
  history: History,
): Promise<BatchResults> {
  try {
    const response = await fetch(`${url}/api/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Tenant": tenantId, Prefer: "return=minimal" },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(RESPONSE_MS),
    });
    const body = (await response.json()) as { readonly results?: readonly Result[]; readonly code?: string };
    if (![200, 207, 422, 503].includes(response.status))
      history.unexpected.push(`a batch of valid events got ${response.status} ${body.code}`);
    if (body.results !== undefined && body.results.length !== events.length)
      history.unexpected.push(`${events.length} events got ${body.results.length} results`);
    return { results: body.results ?? null, isOverloaded: body.code === "EVT_OVERLOADED" };
  } catch {
    return { results: null, isOverloaded: false };
  }
}
