import { EvtError, type ReplayReport, type ReplayResult } from "@evt/core";
import { Problem, unavailable } from "../problem.js";
import { entryJson } from "./entry-json.js";
import type { HttpResponse } from "./http-response.js";
import { elementsJson, type JsonText, joined } from "./json-text.js";
import { problemResponse } from "./problem-response.js";

/**
 * Creates the response to a replay. A 503 means that the client should replay again, because some events failed. A 207 means
 * that some of the events stay parked, and a 422 that all of them stay parked. A dry run has a 200 instead of a 207 or 422.
 */
export async function replayResponse(report: ReplayReport, dryRun: boolean): Promise<HttpResponse> {
  const members = await reportMembers(report, dryRun);
  const { results, processed, duplicates, settled, conflicts, rejected } = report;
  const events = flat(results);
  const failed = events.find((result) => result.outcome === "failed");
  if (failed !== undefined) {
    const { code, message } = failed.error;
    const detail = `${report.failed} of ${events.length} events could not be replayed; replay them again`;
    return {
      ...problemResponse(unavailable(code, detail), members),
      error: new EvtError(code, message),
    };
  }
  const refused = conflicts + rejected;
  if (refused === 0 || dryRun) return { status: 200, body: joined("{", members, "}") };
  if (processed + duplicates + settled > 0) return { status: 207, body: joined("{", members, "}") };
  const detail = `none of ${events.length} events was counted; they are parked, and results has the reasons`;
  return problemResponse(new Problem(422, "EVT_NOTHING_COUNTED", detail), members);
}

async function reportMembers(report: ReplayReport, dryRun: boolean): Promise<JsonText> {
  const { results, processed, duplicates, conflicts, rejected, failed, settled, nextCursor } = report;
  const counts = JSON.stringify({ processed, duplicates, conflicts, rejected, failed, settled });
  const head = `"success":${conflicts + rejected + failed === 0},${counts.slice(1, -1)}`;
  return joined(
    `${dryRun ? '"dryRun":true,' : ""}${head},"results":[`,
    await elementsJson(results, resultJson),
    `],"nextCursor":${JSON.stringify(nextCursor)}`,
  );
}

/** Returns one result for each event. Replaces the result of an envelope with the results of its events. */
function flat(results: readonly ReplayResult[]): readonly ReplayResult[] {
  return results.flatMap((result) => (result.outcome === "unwrapped" ? result.parts : result));
}

function resultJson(result: ReplayResult): string {
  if (result.outcome === "unwrapped") {
    const { parkedId, outcome, parts } = result;
    return `{"parkedId":"${parkedId}","outcome":"${outcome}","parts":[${parts.map(resultJson).join(",")}]}`;
  }
  if (result.outcome !== "processed" && result.outcome !== "duplicate") return JSON.stringify(result);
  const { event, ...members } = result;
  return `${JSON.stringify(members).slice(0, -1)},"event":${event === null ? "null" : entryJson(event)}}`;
}
