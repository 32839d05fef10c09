import type { RequestHandler } from "express";
import type { Reader } from "../contract/mount.js";

type Parsers = Pick<typeof import("express"), "json" | "raw" | "text">;

/** Returns a middleware of Node that reads bodies. */
export function nodeReader({ json, raw, text }: Parsers, reader: Reader): RequestHandler {
  const readers = {
    json: () => json(),
    bytes: () => raw({ type: "*/*" }),
    text: () => text({ type: "*/*" }),
    rawBody: () => json({ verify: (req, _res, rawBody) => void Object.assign(req, { rawBody }) }),
  };
  return readers[reader]();
}
