import express, { type Request } from "express";
import { type Mount, optionsFor, type TestRequest } from "../../http/test/contract/mount.js";
import { nodeReader } from "../../http/test/mounts/node-readers.js";
import { createEventRouter, createHealthRouter } from "../src/index.js";

/** Express in the version that `import` resolves. */
export function expressMount(name = "Express"): Mount {
  return {
    name,
    readers: ["json", "bytes", "text", "rawBody"],
    async events(options, at, reader) {
      const app = express();
      if (reader !== undefined) app.use(nodeReader(express, reader));
      return app.use(at, createEventRouter(optionsFor(options, seen)));
    },
    async health(options, at) {
      return express().use(at, createHealthRouter(options));
    },
  };
}

function seen(req: Request): TestRequest {
  return { method: req.method, url: req.url, get: (name) => req.get(name) };
}
