import type { ParkedStatus } from "../event.js";
import { canonicalJson } from "../identity/canonical-json.js";
import type { Sha256 } from "../identity/sha256.js";
import type { Issue } from "../issue.js";

/**
 * Returns the id of a parked event: the SHA-256 of the reasons, the identity, the fingerprint, the raw event, the
 * vouched client and the given key. An event that is refused again for the same reasons has the same id, so evt
 * increases `attempts` of the parked event.
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
