import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { rawBodyOf } from "../body/raw-body.js";
import { withEchoedHeaders } from "../responses/echoed-headers.js";
import type { Exchange } from "../responses/exchange.js";
import type { HttpResponse, StreamedResponse } from "../responses/http-response.js";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { addressKey } from "../sharing/share-key.js";
import { cut } from "./held-response.js";
import { isOneTooMany } from "./pipelined.js";
import { send } from "./send.js";
import { streamParts } from "./stream-parts.js";
import { whenOver } from "./when-over.js";

/** The key of each connection's address. Computed once, because the address of a connection never changes. */
const addressKeys = new WeakMap<Socket, string>();

/** The parts of a request that only the adapter knows. */
export interface NodeExchangeOptions<R> {
  /** The framework's own request, for `authenticate` and `onError`. */
  readonly native: R;
  /** Path and query string after the mount path. */
  readonly url: string;
  /** `:id` of the path, percent-decoded. @defaultValue "" */
  readonly id?: string | undefined;
  /** The result of a body parser of the host. Used only if the body has been read. */
  readonly parsedBody?: unknown;
  /** The stream of the body's bytes, if a hook of the framework has replaced it. @defaultValue the request */
  readonly body?: Readable | undefined;
}

/**
 * An exchange over `node:http`, or over a framework that exposes Node's request and response.
 *
 * @example
 * ```ts
 * // Express
 * new NodeExchange(req, res, { native: req, url: req.url, id, parsedBody: req.body });
 * ```
 */
export class NodeExchange<R> implements Exchange<R> {
  readonly native: R;
  readonly url: string;
  readonly id: string;
  readonly parsedBody: unknown;
  readonly body: Readable;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;

  constructor(req: IncomingMessage, res: ServerResponse, options: NodeExchangeOptions<R>) {
    this.#req = req;
    this.#res = res;
    this.native = options.native;
    this.url = options.url;
    this.id = options.id ?? "";
    this.parsedBody = options.parsedBody;
    this.body = options.body ?? req;
  }

  get method(): string {
    return this.#req.method ?? "";
  }

  get headers(): IncomingHttpHeaders {
    return this.#req.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.#req.rawHeaders;
  }

  get hasBody(): boolean {
    const { "content-length": length = "0", "transfer-encoding": chunked } = this.#req.headers;
    return chunked !== undefined || Number(length) > 0;
  }

  get rawBody(): Buffer | undefined {
    return rawBodyOf(this.native) ?? rawBodyOf(this.#req);
  }

  get addressKey(): string {
    const { socket } = this.#req;
    const known = addressKeys.get(socket);
    if (known !== undefined) return known;
    const key = addressKey(socket.remoteAddress);
    addressKeys.set(socket, key);
    return key;
  }

  begin(): boolean {
    const { socket } = this.#req;
    // Node still reads the pipelined requests of a closed connection
    if (socket.destroyed) return false;
    if (!isOneTooMany(this.#req, this.#res)) return true;
    cut(socket);
    return false;
  }

  gone(): AbortSignal {
    const controller = new AbortController();
    whenOver(this.#req, this.#res, () => controller.abort());
    return controller.signal;
  }

  send(response: HttpResponse<string | Buffer>, limits?: DeliveryLimits): void {
    send(this.#req, this.#res, this.#withEchoedHeaders(response), limits);
  }

  stream(response: StreamedResponse, limits: DeliveryLimits): Promise<void> {
    return streamParts(this.#req, this.#res, this.#withEchoedHeaders(response), limits);
  }

  abort(): void {
    this.#res.destroy();
  }

  #withEchoedHeaders<Response extends HttpResponse<string | Buffer> | StreamedResponse>(
    response: Response,
  ): Response {
    return withEchoedHeaders(response, this.headers, (name) => this.#res.hasHeader(name));
  }
}
