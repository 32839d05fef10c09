import { EvtError, type IngestReport, type Outcome } from "@evt/core";
import { Problem, unavailable } from "../problem.js";
import type { HttpResponse } from "./http-response.js";
import { elementsJson, type JsonText, joined } from "./json-text.js";
import { problemResponse } from "./problem-response.js";
import { resultJson } from "./result-json.js";

/**
 * What a 2xx confirms. If all events were rejected or in conflict, the status is 422 with `counted`, and 202 with `kept`.
 */
export type Acknowledge = "counted" | "kept";

export interface ReportOptions {
  /** Whether to omit the events from the results. */
  readonly minimal: boolean;
  /** What a 2xx confirms. */
  readonly acknowledge: Acknowledge;
}

/**
 * Creates the response to an ingest. A 503 means that the client should send the whole request again, because some events
 * failed. A 207 means that some events were rejected or in conflict. A 422 or a 202 means that all of them were. After a status
 * other than 503, the client need not send anything again. Every response has the counts and the results.
 */
export async function reportResponse(
  report: IngestReport,
  { minimal, acknowledge }: ReportOptions,
): Promise<HttpResponse> {
  const members = await reportMembers(report, minimal);
  const { outcomes, processed, duplicates, failed } = report;
  const counted = processed + duplicates;
  if (failed > 0) return { ...problemResponse(someFailed(report), members), error: firstError(report) };
  if (counted === outcomes.length)
    return { status: 200, ...replayedHeader(report), body: joined("{", members, "}") };
  if (counted === 0 && acknowledge === "kept") return { status: 202, body: joined("{", members, "}") };
  if (counted > 0) return { status: 207, body: joined("{", members, "}") };
  return problemResponse(noneCounted(report), members);
}

/**
 * Returns the header that marks the response to a single duplicate. No standard defines this header, but several APIs send it.
 */
function replayedHeader({ outcomes, duplicates }: IngestReport): Pick<HttpResponse, "headers"> {
  return outcomes.length === 1 && duplicates === 1 ? { headers: { "Idempotent-Replayed": "true" } } : {};
}

async function reportMembers(report: IngestReport, minimal: boolean): Promise<JsonText> {
  const { outcomes, processed, duplicates, conflicts, rejected, failed, possibleTwins } = report;
  const success = conflicts + rejected + failed === 0;
  const results = await elementsJson(outcomes, (outcome, index) => resultJson(outcome, index, minimal));
  const counts =
    `"success":${success},"processed":${processed},"duplicates":${duplicates},"conflicts":${conflicts}` +
    `,"rejected":${rejected},"failed":${failed},"possibleTwins":${possibleTwins},"results":[`;
  return joined(counts, results, "]");
}

function someFailed({ outcomes, failed }: IngestReport): Problem {
  const first = outcomes.find((outcome) => outcome.outcome === "failed");
  const detail = `${failed} of ${outcomes.length} events failed; send the whole request again: events that were counted will be duplicates`;
  return unavailable(first?.error.code ?? "EVT_STORE_UNAVAILABLE", detail);
}

/** Creates the error that `ingest` would throw for the first failed event, with its cause. */
function firstError({ outcomes }: IngestReport): EvtError | undefined {
  const first = outcomes.find((outcome) => outcome.outcome === "failed");
  return first && new EvtError(first.error.code, first.error.message, { cause: first.cause });
}

/** Creates the problem if no event was counted. For a single event, the problem states the reason. */
function noneCounted({ outcomes }: IngestReport): Problem {
  const [only] = outcomes;
  if (outcomes.length === 1 && (only?.outcome === "rejected" || only?.outcome === "conflict"))
    return notCounted(only);
  const detail = `none of ${outcomes.length} events was counted; results has the reasons. The events are parked: do not send them again`;
  return new Problem(422, "EVT_NOTHING_COUNTED", detail);
}

function notCounted(outcome: Extract<Outcome, { readonly outcome: "rejected" | "conflict" }>): Problem {
  const [first] = outcome.issues;
  const reason = first?.message ?? "results has the reason";
  if (outcome.outcome === "conflict" && outcome.identifiedBy === "key") {
    const detail = `another event has this key: ${reason}. This event is parked: do not send it again`;
    return new Problem(422, "EVT_KEY_CONFLICT", detail);
  }
  return new Problem(422, first?.code ?? "EVT_NOTHING_COUNTED", reason);
}
