import type { Evt, IngestManyOptions } from "@evt/core";
import { type SentEvents, sentEvents } from "../body/sent-events.js";
import type { Limits } from "../limits.js";
import type { HttpResponse } from "../responses/http-response.js";
import { previewResponse } from "../responses/preview-response.js";
import { reportResponse } from "../responses/report-response.js";
import type { Endpoint } from "./endpoint.js";
import { idempotencyKey } from "./idempotency-key.js";
import { prefersMinimal } from "./prefer.js";
import { ingestQuery } from "./queries.js";
import { queryReader } from "./read-query.js";
import { failureSimulation } from "./simulated-failure.js";

export interface PostEventsOptions {
  readonly limits: Limits;
  readonly simulateFailure: boolean;
  readonly nothingCountedStatus: 422 | 202;
}

/** `POST /events`: counts the events of a body. A dry run only returns the outcomes that the events would have. */
export function postEvents(evt: Evt, options: PostEventsOptions): Endpoint {
  const { limits, simulateFailure, nothingCountedStatus } = options;
  const readQuery = queryReader(ingestQuery);
  const evtFor = failureSimulation(evt, simulateFailure);
  return async (req, { eventsOf, share, url }) => {
    const query = readQuery(url);
    const chosen = evtFor(query.simulateFailure);
    const tenant = eventsOf(chosen);
    // checked before the body is read, because reading and preparing a body is expensive
    const refusal = query.dryRun === "true" ? null : chosen.refusal(tenant.tenantId);
    if (refusal !== null) throw refusal;
    const key = idempotencyKey(req.headers["idempotency-key"]);
    const minimal = prefersMinimal(req.headers.prefer);
    const sent = await sentEvents(req, limits, share);
    const call = { ...ingestOptions(sent, key), headers: req.headers, raw: !minimal };
    const response =
      query.dryRun === "true"
        ? await previewResponse(await tenant.preview(sent.raws, call), minimal)
        : await reportResponse(await tenant.ingestMany(sent.raws, call), { minimal, nothingCountedStatus });
    return minimal ? preferenceApplied(response) : response;
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
