import { Readable } from "node:stream";
import type { Exchange, HttpResponse, Respond } from "../src/index.js";

export interface SentResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests compare it with the documented JSON
  readonly body: any;
}

export interface SentRequest {
  readonly method?: string;
  readonly url?: string;
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Serves one request without a network, and returns the response. The native request is the request itself. */
export async function respondTo<R extends SentRequest>(
  respond: Respond<R>,
  native: R,
): Promise<SentResponse> {
  const { method = "GET", url = "/", id = "", headers = {}, body } = native;
  let sent: HttpResponse<string | Buffer> | undefined;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const exchange: Exchange<R> = {
    native,
    method,
    url,
    id,
    headers: { "content-type": "application/json", ...length, ...headers },
    rawHeaders: Object.entries(headers).flat(),
    addressKey: "address test",
    hasBody: body !== undefined,
    rawBody: undefined,
    body: Readable.from(body === undefined ? [] : [Buffer.from(body)]),
    parsedBody: undefined,
    begin: () => true,
    gone: () => new AbortController().signal,
    send: (response) => {
      sent ??= response;
    },
    stream: async ({ status, headers, parts }) => {
      let body = "";
      for await (const part of parts) body += part;
      sent ??= { status, headers, body };
    },
    abort: () => undefined,
  };
  await respond(exchange);
  if (sent === undefined) throw new Error(`${method} ${url} got no response`);
  const text = String(sent.body);
  const isLines = sent.headers?.["Content-Type"] === "application/x-ndjson";
  return {
    status: sent.status,
    headers: sent.headers ?? {},
    text,
    body: text === "" || isLines ? undefined : JSON.parse(text),
  };
}
