import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, type Zlib } from "node:zlib";
import { Problem } from "../problem.js";

export type Inflater = Transform & Zlib;

const inflaters: Readonly<Record<string, () => Inflater>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Returns whether a decoder of this encoding needs a lot of memory even for a small body. */
export function isCostly(encoding: string | undefined): boolean {
  return encoding?.trim().toLowerCase() === "br";
}

/**
 * Returns the stream that decodes a `Content-Encoding` (RFC 9110, section 8.4), or `undefined` if the body is not encoded.
 * @throws Problem 415 if the encoding is unknown, or there are several
 */
export function inflaterFor(encoding: string | undefined): Inflater | undefined {
  if (encoding === undefined) return undefined;
  const name = encoding.trim().toLowerCase();
  if (name === "identity" || name === "") return undefined;
  if (Object.hasOwn(inflaters, name)) return inflaters[name]?.();
  throw new Problem(
    415,
    "EVT_UNSUPPORTED_ENCODING",
    `Content-Encoding is ${JSON.stringify(encoding)}; send gzip, deflate, br or none`,
    { headers: { "Accept-Encoding": "gzip, deflate, br" } },
  );
}
