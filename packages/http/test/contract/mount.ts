import type { RequestListener } from "node:http";
import type { EventRoutesOptions, HealthRoutesOptions } from "../../src/index.js";

/** The parts of a request that every host has. */
export interface TestRequest {
  readonly method: string;
  readonly url: string;
  get(header: string): string | undefined;
}

export type TestOptions = EventRoutesOptions<TestRequest>;

/**
 * What the host does with a body before evt gets the request. `json`: it keeps the parsed value. `bytes` and `text`: it keeps
 * the bytes or the text. `rawBody`: it keeps the parsed value, and the bytes in `rawBody`.
 */
export type Reader = "json" | "bytes" | "text" | "rawBody";

/** A host that serves the routes of evt, such as a version of Express. */
export interface Mount {
  readonly name: string;
  /** Creates a listener that serves the event routes at `at`. Rejects if an option is invalid. */
  events(options: TestOptions, at: string, reader?: Reader): Promise<RequestListener>;
  /** Creates a listener that serves the health routes at `at`. */
  health(options: HealthRoutesOptions, at: string): Promise<RequestListener>;
  /** What the host can do with a body before evt gets the request. */
  readonly readers: readonly Reader[];
  /** Titles of tests that this host cannot pass, with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** Converts the options of a test for a host whose requests are `R`. */
export function optionsFor<R>(options: TestOptions, seen: (req: R) => TestRequest): EventRoutesOptions<R> {
  const { authenticate, clientAddress, onError, ...others } = options;
  return {
    ...others,
    authenticate: typeof authenticate === "function" ? (req) => authenticate(seen(req)) : authenticate,
    ...(clientAddress && { clientAddress: (req) => clientAddress(seen(req)) }),
    ...(onError && { onError: (error, req) => onError(error, seen(req)) }),
  };
}
