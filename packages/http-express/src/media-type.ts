import { Problem } from "./problem.js";

/** `application/json` and whatever is JSON underneath: `application/cloudevents+json` (RFC 6839, section 3.1). */
const JSON_TYPE = /^application\/(?:json|[\w.!#$&^-]+\+json)\s*(?:;(.*))?$/i;
const CHARSET = /(?:^|;)\s*charset\s*=\s*"?([^";\s]*)/i;

/** @throws Problem 415 where the body is not JSON in UTF-8 by its own account. */
export function requireJson(contentType: string | undefined): void {
  if (contentType === "application/json") return;
  const [matched, parameters = ""] = JSON_TYPE.exec(contentType ?? "") ?? [];
  if (matched === undefined) throw unsupported(contentType);
  const charset = CHARSET.exec(parameters)?.[1]?.toLowerCase() ?? "utf-8";
  if (charset !== "utf-8" && charset !== "utf8") throw unsupported(contentType);
}

function unsupported(contentType: string | undefined): Problem {
  const got =
    contentType === undefined ? "there is no Content-Type" : `Content-Type is ${JSON.stringify(contentType)}`;
  return new Problem(415, "EVT_UNSUPPORTED_MEDIA_TYPE", `${got}; send application/json in UTF-8`, {
    headers: { Accept: "application/json, application/cloudevents+json" },
  });
}
