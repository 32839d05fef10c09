import type { Evt, IngestManyOptions } from "@evt/core";
import { type SentEvents, sentEvents } from "../body/sent-events.js";
import type { Limits } from "../limits.js";
import type { HttpResponse } from "../responses/http-response.js";
import { previewResponse } from "../responses/preview-response.js";
import { type Acknowledge, reportResponse } from "../responses/report-response.js";
import { withoutStored } from "../responses/without-stored.js";
import type { Endpoint } from "./endpoint.js";
import { idempotencyKey } from "./idempotency-key.js";
import { prefersMinimal } from "./prefer.js";
import { ingestQuery } from "./queries.js";
import { queryReader } from "./read-query.js";
import { failureSimulation } from "./simulated-failure.js";

export interface PostEventsOptions {
  readonly limits: Limits;
  readonly simulateFailure: boolean;
  readonly acknowledge: Acknowledge;
  readonly ignoreUnknownParameters: boolean;
}

/** `POST /events`: counts the events of a body. A dry run only returns the outcomes that the events would have. */
export function postEvents(evt: Evt, options: PostEventsOptions): Endpoint {
  const { limits, simulateFailure, acknowledge, ignoreUnknownParameters } = options;
  const readQuery = queryReader(ingestQuery, { ignoreUnknown: ignoreUnknownParameters });
  const evtFor = failureSimulation(evt, simulateFailure);
  return async (req, { caller, eventsOf, share, url }) => {
    const query = readQuery(url);
    const chosen = evtFor(query.simulateFailure);
    const tenant = eventsOf(chosen);
    // checked before the body is read, because reading and preparing a body is expensive
    const refusal = query.dryRun === "true" ? null : chosen.refusal(tenant.tenantId);
    if (refusal !== null) throw refusal;
    const key = idempotencyKey(req.headers["idempotency-key"]);
    const prefersLess = prefersMinimal(req.headers.prefer);
    const mayRead = caller.scopes.has("read");
    const minimal = prefersLess || !mayRead;
    const sent = await sentEvents(req, limits, share);
    const call = { ...ingestOptions(sent, key), headers: req.headers, raw: !minimal };
    const shown = mayRead ? <T>(outcome: T) => outcome : withoutStored;
    const ingested = async () => {
      const report = await tenant.ingestMany(sent.raws, call);
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
