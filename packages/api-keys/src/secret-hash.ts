import crypto from "node:crypto";

/** The length of a hash in bytes. */
const HASH_BYTES = 32;

/** Returns the SHA-256 of a secret. A slow hash is not needed, because a secret has 190 random bits. */
export function secretHash(secret: string): Uint8Array {
  return crypto.createHash("sha256").update(secret).digest();
}

/** Returns a hash that no secret has, to compare with if a key is unknown. */
export function unmatchedHash(): Uint8Array {
  return crypto.randomBytes(HASH_BYTES);
}

/** Returns whether a secret has this hash. The time does not depend on where the hashes differ. */
export function hasHash(secret: string, hash: Uint8Array): boolean {
  return crypto.timingSafeEqual(secretHash(secret), hash);
}
