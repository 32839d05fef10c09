import { setTimeout as sleep } from "node:timers/promises";
import { type EvtTenant, type IngestReport, isEvtError } from "@evt/core";

const SENDERS = 8;
const BATCH = 250;
const ATTEMPTS = 10;
const PAUSE_MS = 500;

export interface SendAllOptions {
  readonly signal: AbortSignal;
  /** Told after each batch. */
  readonly onReport: (report: IngestReport) => void;
  /** Waits before sending again. Default: really. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const reallyPause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal });

/**
 * Sends the records in batches, eight senders at once. As any honest client does, a sender sends again what was not
 * dealt with, and only that. Resolves when every record was; rejects when a batch fails ten times.
 */
export async function sendAll(
  events: EvtTenant,
  records: readonly unknown[],
  options: SendAllOptions,
): Promise<void> {
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < records.length && !options.signal.aborted) {
      const batch = records.slice(next, next + BATCH);
      next += BATCH;
      await sendUntilDealtWith(events, batch, options);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function sendUntilDealtWith(
  events: EvtTenant,
  batch: readonly unknown[],
  { signal, onReport, pause = reallyPause }: SendAllOptions,
): Promise<void> {
  let left = batch;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > ATTEMPTS) throw new Error(`the store failed ${ATTEMPTS} times in a row`);
    if (attempt > 1) await pause(PAUSE_MS, signal);
    const report = await sendOnce(events, left, signal);
    if (report === null) continue;
    onReport(report);
    left = left.filter((_, i) => report.outcomes[i]?.outcome === "failed");
  }
}

/** `null` where the call as a whole did not happen, or its fate is unknown: worth sending again. */
async function sendOnce(
  events: EvtTenant,
  batch: readonly unknown[],
  signal: AbortSignal,
): Promise<IngestReport | null> {
  try {
    return await events.ingestMany(batch, { signal });
  } catch (error) {
    if (isEvtError(error, "EVT_OVERLOADED") || isEvtError(error, "EVT_DEADLINE")) return null;
    throw error;
  }
}
