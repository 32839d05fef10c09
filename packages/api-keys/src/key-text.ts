import { randomBytes } from "node:crypto";
import { CHECKSUM_LENGTH, checksum } from "./checksum.js";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** The length of an id: 95 random bits. */
const ID_LENGTH = 16;
/** The length of a secret: 190 random bits. */
const SECRET_LENGTH = 32;
const KEY_LENGTH = "evt__".length + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;
const KEY = /^evt_([0-9A-Za-z]{16})_([0-9A-Za-z]{32})([0-9A-Za-z]{6})$/;

/** The parts of an API key. */
export interface ParsedApiKey {
  /** The public id. It is stored, and may be shown and logged. */
  readonly id: string;
  /** The secret. Only its hash is stored. */
  readonly secret: string;
}

/**
 * Returns the parts of an API key, or `null` if the value is not a well-formed key with a correct checksum. Needs no
 * store, so it does not show whether the key exists.
 *
 * @example
 * ```ts
 * parseApiKey("evt_0123456789ABCDEF_0123456789ABCDEFGHIJKLMNOPQRSTUV3wIdpI");
 * // { id: "0123456789ABCDEF", secret: "0123456789ABCDEFGHIJKLMNOPQRSTUV" }
 * ```
 */
export function parseApiKey(value: unknown): ParsedApiKey | null {
  if (typeof value !== "string" || value.length !== KEY_LENGTH) return null;
  const [, id, secret, sum] = KEY.exec(value) ?? [];
  if (id === undefined || secret === undefined) return null;
  return checksum(value.slice(0, -CHECKSUM_LENGTH)) === sum ? { id, secret } : null;
}

/** Returns whether a value is a well-formed API key with a correct checksum. A secret scanner can use it offline. */
export function isApiKey(value: unknown): value is string {
  return parseApiKey(value) !== null;
}

/** Returns a new random key. */
export function newKeyText(): string {
  const text = `evt_${randomText(ID_LENGTH)}_${randomText(SECRET_LENGTH)}`;
  return text + checksum(text);
}

/** Returns random letters and digits. Drops bytes from 248 on, which would make the first 8 digits more frequent. */
function randomText(length: number): string {
  let text = "";
  while (text.length < length)
    for (const byte of randomBytes(length - text.length)) if (byte < 248) text += LETTERS.charAt(byte % 62);
  return text;
}
