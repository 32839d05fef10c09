import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { rawBodyOf } from "../body/raw-body.js";
import { withEchoedHeaders } from "../responses/echoed-headers.js";
import type { Exchange } from "../responses/exchange.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { addressKey } from "../sharing/share-key.js";
import { streamedWebResponse, webResponse } from "./web-response.js";

/** The parts of a request that only the adapter knows. */
export interface FetchExchangeOptions {
  /** Path and query string after the mount path. */
  readonly url: string;
  /** `:id` of the path, percent-decoded. @defaultValue "" */
  readonly id?: string | undefined;
}

/** The status of the response to a client that has disconnected. Only the host sees it. */
const CLIENT_GONE = 499;

/** An exchange over the Fetch API: a `Request` that becomes a `Response`. */
export class FetchExchange implements Exchange<Request> {
  readonly native: Request;
  readonly url: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty, because the Fetch API joins repeated headers. */
  readonly rawHeaders: readonly string[] = [];
  readonly parsedBody = undefined;
  #body: Readable | undefined;
  #response: Response | undefined;
  #begin: () => void = () => undefined;
  /** Resolves when a streamed response has begun, and its body may be incomplete. Never resolves for other responses. */
  readonly begun = new Promise<void>((resolve) => {
    this.#begin = resolve;
  });

  constructor(native: Request, { url, id = "" }: FetchExchangeOptions) {
    this.native = native;
    this.url = url;
    this.id = id;
    this.headers = Object.fromEntries(native.headers);
  }

  /** The response for the host. If none was sent because the client has disconnected, its status is {@link CLIENT_GONE}. */
  get response(): Response {
    return this.#response ?? new Response(null, { status: CLIENT_GONE });
  }

  get method(): string {
    return this.native.method;
  }

  get hasBody(): boolean | undefined {
    const length = this.headers["content-length"];
    if (length !== undefined) return Number(length) > 0;
    // servers may create an empty stream for a request without a body
    return this.native.body === null ? false : undefined;
  }

  get rawBody(): Buffer | undefined {
    return rawBodyOf(this.native);
  }

  /** @throws TypeError if the host has read the body, because its bytes are then lost */
  get body(): Readable {
    this.#body ??= bodyOf(this.native);
    return this.#body;
  }

  /** The same key for all requests, because the Fetch API does not reveal addresses. `clientAddress` can return them. */
  get addressKey(): string {
    return addressKey();
  }

  begin(): boolean {
    return !this.native.signal.aborted;
  }

  gone(): AbortSignal {
    return this.native.signal;
  }

  send(response: HttpResponse<string | Buffer>, limits?: DeliveryLimits): void {
    const echoing = withEchoedHeaders(response, this.headers, () => false);
    this.#response ??= webResponse(echoing, this.method === "HEAD", limits);
  }

  stream(response: StreamedResponse, limits: DeliveryLimits): Promise<void> {
    const { response: begun, over } = streamedWebResponse(
      withEchoedHeaders(response, this.headers, () => false),
      limits,
    );
    this.#response ??= begun;
    this.#begin();
    return over;
  }

  /** Does nothing, because only the host can close the connection. */
  abort(): void {}
}

function bodyOf({ body, bodyUsed, signal }: Request): Readable {
  if (bodyUsed) {
    throw new TypeError(
      "the body of the request was read before; pass a request with an unread body, or keep the bytes in request.rawBody",
    );
  }
  if (body === null) return Readable.from([]);
  // without a listener, an error after the last read would end the process
  return Readable.fromWeb(body as ReadableStream, { signal }).on("error", () => undefined);
}
