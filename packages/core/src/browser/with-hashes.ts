import type { Sha256 } from "../identity/sha256.js";
import { quoted } from "../quoted.js";

/** Returns the SHA-256 of the UTF-8 bytes of a string as 64 lower-case hex digits, or a promise of it. */
export type AnySha256 = (text: string) => string | Promise<string>;

const HEX = /^[0-9a-f]{64}$/;

/**
 * Returns the result of a pure, synchronous computation with a hash function that may be asynchronous. Runs the
 * computation again until it needs no unknown hash: once for each level of hashes of hashes, which are few.
 *
 * @throws TypeError if `sha256` returns something else than a hash
 */
export async function withHashes<T>(sha256: AnySha256, compute: (sha256: Sha256) => T): Promise<T> {
  const known = new Map<string, string>();
  for (;;) {
    const missing = new Set<string>();
    const result = compute((text) => known.get(text) ?? standIn(text, missing));
    if (missing.size === 0) return result;
    await Promise.all([...missing].map(async (text) => known.set(text, checked(await sha256(text)))));
  }
}

/** Returns the text itself, which is as distinct as its hash. The result is then computed again. */
function standIn(text: string, missing: Set<string>): string {
  missing.add(text);
  return text;
}

function checked(hash: unknown): string {
  if (typeof hash === "string" && HEX.test(hash)) return hash;
  throw new TypeError(`sha256 returned ${quoted(hash)}; it must return 64 lower-case hex digits`);
}
