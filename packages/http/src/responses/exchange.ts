import type { HttpRequest } from "../http-request.js";
import type { HttpResponse, StreamedResponse } from "./http-response.js";
import type { DeliveryLimits } from "./response-budget.js";

/**
 * One request, with functions that respond to it. An adapter creates an exchange for each request. `R` is the
 * framework's request type.
 */
export interface Exchange<R = unknown> extends HttpRequest {
  /** The framework's own request, for `authenticate` and `onError`. */
  readonly native: R;
  /**
   * Returns false if the request must not be served, because its connection is closed or has too many requests in
   * progress.
   */
  begin(): boolean;
  /** Returns a signal that aborts when the client disconnects. It may also abort when the response has been sent. */
  gone(): AbortSignal;
  /**
   * Sends the response. Omit `limits` for a small response, so that it does not use the memory for responses.
   * @throws Problem 503 if the response does not fit into the memory for responses
   */
  send(response: HttpResponse<string | Buffer>, limits?: DeliveryLimits): void;
  /**
   * Sends a response in parts. The promise resolves when all parts were sent, or the client has disconnected. If `parts` throws,
   * closes the connection, and the promise rejects.
   */
  stream(response: StreamedResponse, limits: DeliveryLimits): Promise<void>;
  /** Closes the connection without a response. */
  abort(): void;
}

/** Serves one request. The promise never rejects. */
export type Respond<R> = (exchange: Exchange<R>) => Promise<void>;
