import type { IncomingMessage } from "node:http";
import express, { type Request, type Response } from "express";
import { toNodeHandler, toNodeHealthHandler } from "../../src/index.js";
import { type Mount, optionsFor, type TestRequest } from "../contract/mount.js";
import { nodeReader } from "./node-readers.js";

/** `node:http` without a framework. */
export const nodeMount: Mount = {
  name: "node:http",
  readers: ["json", "bytes", "text", "rawBody"],
  async events(options, at, reader) {
    const handler = toNodeHandler({ ...optionsFor(options, seen), basePath: at });
    if (reader === undefined) return handler;
    const read = nodeReader(express, reader);
    return (req, res) => read(req as Request, res as Response, () => handler(req, res));
  },
  async health(options, at) {
    return toNodeHealthHandler({ ...options, basePath: at });
  },
};

function seen({ method = "", url = "", headers }: IncomingMessage): TestRequest {
  const get = (name: string) => headers[name.toLowerCase()] as string | undefined;
  return { method, url, get };
}
