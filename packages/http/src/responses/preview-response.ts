import type { Preview } from "@evt/core";
import { entryJson } from "./entry-json.js";
import type { HttpResponse } from "./http-response.js";
import { elementsJson, joined } from "./json-text.js";

/** Creates the response to a dry run: the outcome that each event would have, and the origin of each field. */
export async function previewResponse(previews: readonly Preview[], minimal: boolean): Promise<HttpResponse> {
  const count = (outcome: Preview["outcome"]) =>
    previews.filter((preview) => preview.outcome === outcome).length;
  const conflicts = count("conflict");
  const rejected = count("rejected");
  const results = await elementsJson(previews, (preview, index) => previewJson(preview, index, minimal));
  const counts =
    `{"dryRun":true,"success":${conflicts + rejected === 0},"processed":${count("processed")}` +
    `,"duplicates":${count("duplicate")},"conflicts":${conflicts},"rejected":${rejected},"failed":0` +
    `,"possibleTwins":${previews.filter(isPossibleTwin).length},"results":[`;
  return { status: 200, body: joined(counts, results, "]}") };
}

function isPossibleTwin(preview: Preview): boolean {
  return preview.outcome === "duplicate" && preview.differs !== undefined;
}

/**
 * Returns the JSON of one preview. For a duplicate or a conflict, `event` is the stored event. `event` is `null` if the
 * stored event was pruned, or if it is an earlier event of the same request. `minimal` omits `event`.
 */
function previewJson(preview: Preview, position: number, minimal: boolean): string {
  const { outcome, canonical, provenance, issues, place = { index: position } } = preview;
  const isDuplicate = outcome === "duplicate";
  if (outcome === "rejected")
    return JSON.stringify({ ...place, outcome, isDuplicate, canonical, provenance, issues });
  const { identifiedBy, id, identity, identityJson, event, sameAs, differs } = preview;
  const members = JSON.stringify({
    ...{ ...place, outcome, isDuplicate, identifiedBy, id, identity, identityJson, canonical, provenance },
    ...(outcome === "conflict" && { issues }),
    ...(sameAs !== undefined && { sameAs }),
    ...(differs !== undefined && { differs }),
  });
  if (outcome === "processed" || minimal) return members;
  return `${members.slice(0, -1)},"event":${event === null ? "null" : entryJson(event)}}`;
}
