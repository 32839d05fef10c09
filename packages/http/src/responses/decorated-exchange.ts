import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { Exchange } from "./exchange.js";
import type { HttpResponse, StreamedResponse } from "./http-response.js";
import type { DeliveryLimits } from "./response-budget.js";

type Headers = Readonly<Record<string, string>>;

/** An exchange that changes the headers of the response before it is sent. Delegates everything else to the given exchange. */
export class DecoratedExchange<R> implements Exchange<R> {
  readonly #exchange: Exchange<R>;
  readonly #headersOf: (headers: Headers) => Headers;

  constructor(exchange: Exchange<R>, headersOf: (headers: Headers) => Headers) {
    this.#exchange = exchange;
    this.#headersOf = headersOf;
  }

  get native(): R {
    return this.#exchange.native;
  }

  get method(): string {
    return this.#exchange.method;
  }

  get url(): string {
    return this.#exchange.url;
  }

  get headers(): IncomingHttpHeaders {
    return this.#exchange.headers;
  }

  get rawHeaders(): readonly string[] {
    return this.#exchange.rawHeaders;
  }

  get id(): string {
    return this.#exchange.id;
  }

  get addressKey(): string {
    return this.#exchange.addressKey;
  }

  get hasBody(): boolean | undefined {
    return this.#exchange.hasBody;
  }

  get body(): Readable {
    return this.#exchange.body;
  }

  get rawBody(): Buffer | undefined {
    return this.#exchange.rawBody;
  }

  get parsedBody(): unknown {
    return this.#exchange.parsedBody;
  }

  begin(): boolean {
    return this.#exchange.begin();
  }

  gone(): AbortSignal {
    return this.#exchange.gone();
  }

  send(response: HttpResponse<string | Buffer>, limits?: DeliveryLimits): void {
    this.#exchange.send({ ...response, headers: this.#headersOf(response.headers ?? {}) }, limits);
  }

  stream(response: StreamedResponse, limits: DeliveryLimits): Promise<void> {
    return this.#exchange.stream({ ...response, headers: this.#headersOf(response.headers) }, limits);
  }

  abort(): void {
    this.#exchange.abort();
  }
}
