import type { Evt, IngestManyOptions, Outcome } from "@evt/core";
import { binaryCloudEvent } from "@evt/core/adapter";
import { isNdjson, type SafelistedType } from "../body/media-type.js";
import { type SentEvents, sentEvents } from "../body/sent-events.js";
import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import { previewResponse } from "../responses/preview-response.js";
import { type Acknowledge, reportResponse } from "../responses/report-response.js";
import { withoutStored } from "../responses/without-stored.js";
import type { Endpoint } from "./endpoint.js";
import type { ReadKey } from "./idempotency-key.js";
import { type PostLines, postLines } from "./post-lines.js";
import { prefersMinimal } from "./prefer.js";
import { ingestQuery } from "./queries.js";
import { queryReader } from "./read-query.js";
import { failureSimulation } from "./simulated-failure.js";

export interface PostEventsOptions {
  readonly limits: Limits;
  readonly simulateFailure: boolean;
  readonly acknowledge: Acknowledge;
  readonly ignoreUnknownParameters: boolean;
  readonly readKey: ReadKey;
  readonly acceptedTypes: readonly SafelistedType[];
}

/** `POST /events`: counts the events of a body. A dry run only returns the outcomes that the events would have. */
export function postEvents(evt: Evt, options: PostEventsOptions): Endpoint {
  const { limits, simulateFailure, acknowledge, ignoreUnknownParameters, readKey, acceptedTypes } = options;
  const readQuery = queryReader(ingestQuery, { ignoreUnknown: ignoreUnknownParameters });
  const evtFor = failureSimulation(evt, simulateFailure);
  return async (req, { caller, eventBudget, eventsOf, gone, reportError, share, url }) => {
    const query = readQuery(url);
    const chosen = evtFor(query.simulateFailure);
    const tenant = eventsOf(chosen);
    // checked before the body is read, because reading and preparing a body is expensive
    const refusal = query.dryRun === "true" ? null : chosen.refusal(tenant.tenantId);
    if (refusal !== null) throw refusal;
    const key = readKey(req);
    const prefersLess = prefersMinimal(req.headers.prefer);
    const mayRead = caller.scopes.has("read");
    const minimal = prefersLess || !mayRead;
    if (isNdjson(req.headers["content-type"]) && binaryCloudEvent(req.headers, 1) === undefined) {
      requireLinesOnly(query.dryRun === "true", key);
      const options = { headers: req.headers, raw: false, partial: true };
      const shownOf = mayRead ? (outcome: Outcome) => outcome : (outcome: Outcome) => withoutStored(outcome);
      return streamed(req, {
        tenant,
        options,
        limits,
        share,
        eventBudget,
        gone: gone(),
        shown: shownOf,
        reportError,
      });
    }
    const sent = await sentEvents(req, limits, share, acceptedTypes);
    const call = { ...ingestOptions(sent, key), headers: req.headers, raw: !minimal };
    const shown = mayRead ? <T>(outcome: T) => outcome : withoutStored;
    const ingested = async () => {
      const report = await tenant.ingestMany(sent.raws, call);
      eventBudget.addProcessed(report.processed);
      const outcomes = report.outcomes.map(shown);
      return reportResponse({ ...report, outcomes }, { minimal, acknowledge });
    };
    const previewed = async () => {
      const previews = await tenant.preview(sent.raws, call);
      return previewResponse(previews.map(shown), minimal);
    };
    const response = await (query.dryRun === "true" ? previewed() : ingested());
    return prefersLess ? preferenceApplied(response) : response;
  };
}

/** Counts the first lines before the response begins. If they fail, the response is a problem. */
async function streamed(req: HttpRequest, call: PostLines): Promise<StreamedResponse> {
  const lines = postLines(req, call);
  const first = await lines.next();
  async function* parts() {
    if (!first.done) yield first.value;
    yield* lines;
  }
  return { status: 200, headers: { "Content-Type": "application/x-ndjson" }, parts: parts() };
}

/** @throws Problem 400 if the request is a dry run, or has a key in a header */
function requireLinesOnly(isDryRun: boolean, key: string | undefined): void {
  if (isDryRun)
    throw new Problem(
      400,
      "EVT_INVALID_QUERY",
      "dryRun is not possible with NDJSON; send an array of events",
      {
        parameter: "dryRun",
      },
    );
  if (key === undefined) return;
  const detail =
    "a header cannot have the key of NDJSON, because a stream is counted in chunks; give each event a key";
  throw new Problem(400, "EVT_INVALID_HEADER", detail);
}

/**
 * A single event gets the header's key. In a batch, each event without its own key gets a key that is derived from the
 * header's key.
 */
function ingestOptions({ isBatch, rawJson }: SentEvents, key: string | undefined): IngestManyOptions {
  return {
    ...(rawJson !== undefined && { rawJson }),
    ...(key !== undefined && (isBatch ? { idempotencyKey: key } : { idempotencyKeys: [key] })),
  };
}

/** Adds the header that confirms `return=minimal` (RFC 7240, section 3). */
function preferenceApplied(response: HttpResponse): HttpResponse {
  return { ...response, headers: { ...response.headers, "Preference-Applied": "return=minimal" } };
}
