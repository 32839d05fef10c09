import type { IdentifiedBy, Issue, OutcomeName } from "./event.js";
import { problemFrom } from "./problem.js";
import { request } from "./request.js";

export type FieldName = "clientId" | "metric" | "amount" | "timestamp" | "idempotencyKey";

/** The result of a dry run. Fields that could not be read are absent. */
export interface PreviewResult {
  readonly index: number;
  readonly outcome: OutcomeName;
  readonly identifiedBy?: IdentifiedBy;
  readonly identity?: string;
  readonly id?: string;
  readonly identityJson?: string;
  readonly canonical: { readonly [F in FieldName]?: string | null };
  /** The origin of each field: a path in the event, `default`, `caller` or `receipt`. */
  readonly provenance: { readonly [F in FieldName]?: string };
  readonly issues?: readonly Issue[];
}

/** Sends a dry run, which writes nothing. @throws Problem, Unreachable */
export async function preview(body: string, signal: AbortSignal): Promise<readonly PreviewResult[]> {
  const response = await request("api/events?dryRun=true", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
  if (!hasResults(response.body)) throw problemFrom(response.status, response.body);
  return response.body.results;
}

function hasResults(body: unknown): body is { results: readonly PreviewResult[] } {
  return typeof body === "object" && body !== null && Array.isArray((body as { results?: unknown }).results);
}
