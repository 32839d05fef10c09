import type { Sha256 } from "../identity/sha256.js";
import { quoted } from "../quoted.js";

/** Returns the SHA-256 of a string's UTF-8 bytes as 64 lower-case hex digits, or a promise of these digits. */
export type AnySha256 = (text: string) => string | Promise<string>;

const HEX = /^[0-9a-f]{64}$/;

/**
 * Returns the result of a pure, synchronous computation that needs hashes, although `sha256` may be asynchronous. Runs
 * the computation again until all hashes that it needs are known. Each level of nested hashes needs one more run, so the
 * number of runs is small.
 *
 * @throws TypeError if `sha256` returns a value that is not a hash
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

/**
 * Returns the string itself in place of its unknown hash: different strings then still have different stand-ins. The
 * result is computed again when the hash is known.
 */
function standIn(text: string, missing: Set<string>): string {
  missing.add(text);
  return text;
}

function checked(hash: unknown): string {
  if (typeof hash === "string" && HEX.test(hash)) return hash;
  throw new TypeError(`sha256 returned ${quoted(hash)}; it must return 64 lower-case hex digits`);
}
