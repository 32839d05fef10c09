import type { EventEntry, IdentifiedBy, Issue, OutcomeName } from "./event.js";
import { problemFrom } from "./problem.js";
import { request } from "./request.js";

/** How the simulated write fails. `off` means that it does not fail. */
export type Failure = "off" | "before" | "after" | "slow";

export interface IngestResult {
  readonly index: number;
  readonly outcome: OutcomeName;
  readonly isDuplicate: boolean;
  readonly identifiedBy?: IdentifiedBy;
  readonly event: EventEntry | null;
  readonly issues?: readonly Issue[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface IngestResponse {
  readonly status: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly failed: number;
  readonly results: readonly IngestResult[];
}

/**
 * Sends a body as the user typed it. Responses with 207, 422 and 503 have results, like 200, so they are not errors.
 * @throws Problem if the response has no results (not JSON, too large, overloaded); Unreachable
 */
export async function ingest(body: string, failure: Failure): Promise<IngestResponse> {
  const path = failure === "off" ? "api/events" : `api/events?simulateFailure=${failure}`;
  const response = await request(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (!hasResults(response.body)) throw problemFrom(response.status, response.body);
  return { ...response.body, status: response.status };
}

function hasResults(body: unknown): body is Omit<IngestResponse, "status"> {
  return typeof body === "object" && body !== null && Array.isArray((body as { results?: unknown }).results);
}
