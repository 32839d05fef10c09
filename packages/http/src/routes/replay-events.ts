import type { Evt, EvtTenant } from "@evt/core";
import type { BodyShare } from "../body/body-budget.js";
import { sentBody } from "../body/sent-body.js";
import { sentEvents } from "../body/sent-events.js";
import type { HttpRequest } from "../http-request.js";
import type { Limits } from "../limits.js";
import { Problem } from "../problem.js";
import { replayResponse } from "../responses/replay-response.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { replayAllQuery, replayOneQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `POST /events/replay`: replays one page of the parked events that a filter selects. */
export function replayEvents(evt: Evt): Endpoint {
  const readQuery = queryReader(replayAllQuery);
  return async (_req, { eventsOf, url }) => {
    const { mapping, dryRun, all, ...query } = readQuery(url);
    const events = replayable(eventsOf(evt));
    checkMapping(evt, mapping);
    const page = { ...coreRange(query), all: all === undefined ? undefined : (true as const) };
    const report = await events.replayPage(page, { mapping, dryRun: dryRun === "true" });
    return replayResponse(report, dryRun === "true");
  };
}

/**
 * `POST /events/:id/replay`: replays one parked event. The request's body, if any, is replayed instead of the raw
 * event.
 */
export function replayEvent(evt: Evt, limits: Limits): Endpoint {
  const readQuery = queryReader(replayOneQuery);
  return async (req, { eventsOf, share, url }) => {
    const { mapping, clientId, dryRun } = readQuery(url);
    const events = replayable(eventsOf(evt));
    const edited = await editedEvent(req, limits, share);
    checkMapping(evt, mapping);
    const edit = edited && (() => edited.raw);
    const report = await events.replay([req.id], { mapping, clientId, dryRun: dryRun === "true", edit });
    if (report.results.some(({ outcome }) => outcome === "unknown"))
      throw new Problem(404, "EVT_NOT_FOUND", "no parked event has this id");
    return replayResponse(report, dryRun === "true");
  };
}

/** Refuses a caller that is bound to a client. A replay could assign another client's event to the caller's client. */
function replayable(events: EvtTenant): EvtTenant {
  if (events.clientId === undefined) return events;
  throw new Problem(
    403,
    "EVT_FORBIDDEN",
    "a caller that is bound to a client may not replay; use credentials of the whole tenant",
  );
}

async function editedEvent(
  req: HttpRequest,
  limits: Limits,
  share: BodyShare,
): Promise<{ readonly raw: unknown } | undefined> {
  const sent = await sentBody(req, limits, share);
  if (sent === undefined) return undefined;
  const { isBatch, raws } = await sentEvents(sent, limits, share);
  if (isBatch)
    throw new Problem(422, "EVT_INVALID_EVENT", "an array cannot replace one event; send one event");
  return { raw: raws[0] };
}

/** @throws Problem 400 if the mapping is unknown. The message does not list the known mappings. */
function checkMapping({ mappings }: Evt, mapping: string | undefined): void {
  if (mapping === undefined || mappings.includes(mapping)) return;
  const detail = `no mapping is named ${JSON.stringify(mapping)}`;
  throw new Problem(400, "EVT_INVALID_QUERY", detail, { parameter: "mapping" });
}
