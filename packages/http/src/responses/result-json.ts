import type { Outcome, Place } from "@evt/core";
import { entryJson } from "./entry-json.js";

/** Returns the JSON of one event's outcome. `minimal` replaces the event with its id. The member `name` has the position. */
export function resultJson(result: Outcome, position: number, minimal: boolean, name = "index"): string {
  const { outcome, place = { index: position } } = result;
  const recognised = "identifiedBy" in result ? `,"identifiedBy":"${result.identifiedBy}"` : "";
  return (
    `{${placeMembers(place, name)},"outcome":"${outcome}","isDuplicate":${outcome === "duplicate"}${recognised}` +
    `${eventMember(result, minimal)}${reasons(result)}}`
  );
}

/**
 * Returns the position of the raw event in the request. For an event of an envelope, adds `part`, its position in
 * the envelope.
 */
function placeMembers({ index, part }: Place, name: string): string {
  return part === undefined ? `"${name}":${index}` : `"${name}":${index},"part":${part}`;
}

/**
 * Returns the member `event`. If `minimal`, returns the member `id` instead. If the event was pruned, returns `id`, and
 * `event` as `null`.
 */
function eventMember(result: Outcome, minimal: boolean): string {
  if (minimal) return `,"id":"${result.id}"`;
  const entry = result.outcome === "rejected" || result.outcome === "failed" ? result.parked : result.event;
  return entry === null ? `,"id":"${result.id}","event":null` : `,"event":${entryJson(entry)}`;
}

/** Returns the members `sameAs`, `differs` and `parkedId` of a duplicate, if it has them. */
function merged({ sameAs, differs, parked }: Extract<Outcome, { readonly outcome: "duplicate" }>): string {
  const first = sameAs === undefined ? "" : `,"sameAs":${sameAs}`;
  if (differs === undefined) return first;
  const parkedId = parked === undefined ? "" : `,"parkedId":"${parked.id}"`;
  return `${first},"differs":${JSON.stringify(differs)}${parkedId}`;
}

function reasons(result: Outcome): string {
  switch (result.outcome) {
    case "duplicate":
      return merged(result);
    case "conflict":
      return `,"parkedId":"${result.parked.id}","issues":${JSON.stringify(result.issues)}`;
    case "rejected":
      return `,"issues":${JSON.stringify(result.issues)}`;
    case "failed":
      return `,"kept":${result.kept},"error":${JSON.stringify(result.error)}`;
    default:
      return "";
  }
}
