import { EvtError, type IngestReport } from "@evt/core";
import { Problem, unavailable } from "../problem.js";
import type { HttpResponse } from "./http-response.js";
import { elementsJson, type JsonText, joined } from "./json-text.js";
import { problemResponse } from "./problem-response.js";
import { resultJson } from "./result-json.js";

/**
 * The answer to an ingest. 503 says: send the whole request again. Anything else says: nothing is left to send again,
 * 207 and 422 that some or all of it was not counted. One parser serves them all.
 */
export async function reportResponse(report: IngestReport, minimal: boolean): Promise<HttpResponse> {
  const members = await reportMembers(report, minimal);
  const { outcomes, processed, duplicates, failed } = report;
  const counted = processed + duplicates;
  if (failed > 0) return { ...problemResponse(someFailed(report), members), error: firstError(report) };
  if (counted === outcomes.length) return { status: 200, body: joined("{", members, "}") };
  if (counted > 0) return { status: 207, body: joined("{", members, "}") };
  return problemResponse(noneCounted(report), members);
}

async function reportMembers(report: IngestReport, minimal: boolean): Promise<JsonText> {
  const { outcomes, processed, duplicates, conflicts, rejected, failed } = report;
  const success = conflicts + rejected + failed === 0;
  const results = await elementsJson(outcomes, (outcome, index) => resultJson(outcome, index, minimal));
  const counts =
    `"success":${success},"processed":${processed},"duplicates":${duplicates},"conflicts":${conflicts}` +
    `,"rejected":${rejected},"failed":${failed},"results":[`;
  return joined(counts, results, "]");
}

function someFailed({ outcomes, failed }: IngestReport): Problem {
  const first = outcomes.find((outcome) => outcome.outcome === "failed");
  const detail = `${failed} of ${outcomes.length} events failed; send the whole request again: what was counted comes back as duplicate`;
  return unavailable(first?.error.code ?? "EVT_STORE_UNAVAILABLE", detail);
}

/** As `ingest` would have thrown it, its cause with it. */
function firstError({ outcomes }: IngestReport): EvtError | undefined {
  const first = outcomes.find((outcome) => outcome.outcome === "failed");
  return first && new EvtError(first.error.code, first.error.message, { cause: first.cause });
}

function noneCounted({ outcomes }: IngestReport): Problem {
  const detail = `none of ${outcomes.length} events was counted; results says why. They are kept, so there is nothing to send again`;
  return new Problem(422, "EVT_NOTHING_COUNTED", detail);
}
