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

/** Whether inflating takes much memory, however small the body is. */
export function isCostly(encoding: string | undefined): boolean {
  return encoding?.trim().toLowerCase() === "br";
}

/**
 * What undoes a `Content-Encoding` (RFC 9110, section 8.4); `undefined` where there is nothing to undo.
 * @throws Problem 415 for one it does not know, and for more than one.
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
