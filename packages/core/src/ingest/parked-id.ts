import type { ParkedStatus } from "../event.js";
import { canonicalJson } from "../identity/canonical-json.js";
import type { Sha256 } from "../identity/sha256.js";
import type { Issue } from "../issue.js";

/**
 * Returns the id of a parked event: the SHA-256 of the reasons, the identity, the fingerprint, the raw event, the vouched
 * client and the given key. If the same caller sends the same event again, evt may refuse it for the same reasons. The id
 * is then the same, so the parked event gets one more attempt.
 */
export function parkedId(
  sha256: Sha256,
  status: ParkedStatus,
  issues: readonly Issue[],
  hashes: readonly (string | null)[],
  text: string,
  apart: readonly (string | null)[],
): string {
  const reason = [status, ...issues.map((issue) => issue.code)].join(" ");
  // without client and key, the id must equal the id of earlier versions
  const more = apart.some((each) => each !== null) ? apart : [];
  return sha256(canonicalJson([reason, ...hashes, text, ...more]));
}
