import type { IngestResponse } from "../api/ingest.js";
import { FAILURE_CHOICES } from "./failures.js";
import type { Sent } from "./use-send.js";

type Counts = Pick<IngestResponse, "processed" | "duplicates" | "conflicts" | "rejected" | "failed">;

const words: readonly (readonly [keyof Counts, string, string])[] = [
  ["processed", "processed", "processed"],
  ["duplicates", "duplicate", "duplicates"],
  ["conflicts", "conflict", "conflicts"],
  ["rejected", "rejected", "rejected"],
  ["failed", "failed", "failed"],
];

/** Returns the counts, such as `2 processed, 1 duplicate`. */
function countsText(counts: Counts): string {
  const parts = words
    .filter(([member]) => counts[member] > 0)
    .map(([member, one, many]) => `${counts[member]} ${counts[member] === 1 ? one : many}`);
  return parts.length === 0 ? "Nothing was sent" : parts.join(", ");
}

/** Describes the results in one sentence. */
export function resultSentence({ response, failure }: Sent): string {
  const counts = countsText(response);
  const label = FAILURE_CHOICES.find((choice) => choice.failure === failure)?.label.toLowerCase();
  return failure === "off" ? `${counts}.` : `${counts}. Simulated: ${label}.`;
}
