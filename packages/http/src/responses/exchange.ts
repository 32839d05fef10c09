import type { HttpRequest } from "../http-request.js";
import type { HttpResponse } from "./http-response.js";
import type { Taking } from "./response-budget.js";

/** One request and the ways to respond to it. An adapter makes one for each request; `R` is the type of its framework's request. */
export interface Exchange<R = unknown> extends HttpRequest {
  /** The framework's own request, for `authenticate` and `onError`. */
  readonly native: R;
  /** Returns false if the request must not be served: its connection is closed, or has too many requests under way. */
  begin(): boolean;
  /** Makes a signal that aborts when the client disconnects. */
  gone(): AbortSignal;
  /**
   * Sends the response. Without `taking`, the response is small and counts towards no limit.
   * @throws Problem 503 if the response is large and too much is held already
   */
  send(response: HttpResponse<string | Buffer>, taking?: Taking): void;
  /** Closes the connection without a response. */
  abort(): void;
}

/** Serves one request. Never rejects. */
export type Respond<R> = (exchange: Exchange<R>) => Promise<void>;
