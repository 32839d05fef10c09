import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { type FetchHandler, toFetchHandler, toFetchHealthHandler } from "../../src/index.js";
import { type Mount, optionsFor, type Reader } from "../contract/mount.js";
import { fetchExceptions, seenRequest } from "./fetch-host.js";

/** Route handlers as in Next.js: an exported function for each method, called with requests of Node's own Fetch API. */
export const nextMount: Mount = {
  name: "route handlers as in Next.js",
  readers: ["bytes", "rawBody"],
  exceptions: {
    ...fetchExceptions,
    "a body that the host has read and not kept is refused with 400":
      "the stream of a request that Node has read cannot become a body of the Fetch API",
  },
  async events(options, at, reader) {
    const events = toFetchHandler({ ...optionsFor(options, seenRequest), basePath: at });
    return listenerOf(async (request) => events(await read(request, reader)));
  },
  async health(options, at) {
    return listenerOf(toFetchHealthHandler({ ...options, basePath: at }));
  },
};

async function read(request: Request, reader: Reader | undefined): Promise<Request> {
  if (reader === undefined || request.body === null) return request;
  const bytes = await request.arrayBuffer();
  if (reader === "rawBody") return Object.assign(request, { rawBody: Buffer.from(bytes) });
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: bytes });
}

/** Calls a route handler as the server of Next.js does. */
function listenerOf(handler: FetchHandler): RequestListener {
  return (req, res) => void respond(handler, req, res).catch(() => res.destroy());
}

async function respond(handler: FetchHandler, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const aborter = new AbortController();
  res.once("close", () => {
    if (!res.writableFinished) aborter.abort();
  });
  const { method = "GET", url = "/" } = req;
  const hasBody = method !== "GET" && method !== "HEAD";
  const request = new Request(new URL(url, "http://localhost"), {
    method,
    headers: headersOf(req),
    signal: aborter.signal,
    ...(hasBody && { body: Readable.toWeb(req), duplex: "half" }),
  } as RequestInit);
  const response = await handler(request);
  res.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) res.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream), res);
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return headers;
}
