import { type Evt, isEvtError } from "@evt/core";
import { checkKnown } from "@evt/core/adapter";
import { type ProblemCode, unavailable } from "../problem.js";
import type { HttpResponse } from "../responses/http-response.js";
import { problemResponse } from "../responses/problem-response.js";
import { type FindRoute, routeFinder } from "./find-route.js";
import { type Route, route } from "./route.js";

/** Options of the health routes. */
export interface HealthRoutesOptions {
  /** The evt that `/ready` pings. */
  readonly evt: Pick<Evt, "ping">;
  /** Returns whether the server is shutting down. If so, `/ready` fails. `/live` does not. @defaultValue returns false */
  readonly draining?: (() => boolean) | undefined;
}

/** The health routes of an evt, for an adapter to mount. */
export interface HealthRoutes {
  readonly routes: readonly Route<unknown>[];
  /** Finds the route of a request. */
  readonly find: FindRoute<unknown>;
}

const OPTIONS = Object.keys({ evt: true, draining: true } satisfies Record<keyof HealthRoutesOptions, true>);

/** Maximum time that `/ready` waits for the store. */
const PING_MS = 2_000;

/**
 * Creates the health routes for an adapter: `GET /live` and `GET /ready`.
 *
 * @example
 * ```ts
 * const { find } = createHealthRoutes({ evt, draining: () => drain.draining }, "myAdapter");
 * ```
 * @param calledAs - The name of the adapter's function, for messages about options.
 * @param adapterOptions - The names of the adapter's own options.
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createHealthRoutes(
  options: HealthRoutesOptions,
  calledAs: string,
  adapterOptions: readonly string[] = [],
): HealthRoutes {
  checkKnown(calledAs, options, [...OPTIONS, ...adapterOptions]);
  const { evt, draining = () => false } = options;
  if (typeof evt?.ping !== "function") throw new TypeError(`${calledAs} needs an evt made by createEvt`);
  if (typeof draining !== "function")
    throw new TypeError("draining must be a function that returns a boolean");
  const readiness = sharedReadiness(evt);
  const routes = [
    route("/live", { get: async (exchange) => exchange.send({ status: 200, body: '{"status":"live"}' }) }),
    route("/ready", { get: async (exchange) => exchange.send(draining() ? DRAINING : await readiness()) }),
  ];
  return { routes, find: routeFinder(routes, () => false) };
}

const DRAINING = notReady("EVT_DRAINING", "shutting down; ask another server");

/** Concurrent probes share one ping, so that callers without credentials cannot multiply the store's work. */
function sharedReadiness(evt: Pick<Evt, "ping">): () => Promise<HttpResponse<string>> {
  let pinging: Promise<HttpResponse<string>> | undefined;
  return () => {
    pinging ??= readinessOf(evt).finally(() => {
      pinging = undefined;
    });
    return pinging;
  };
}

async function readinessOf(evt: Pick<Evt, "ping">): Promise<HttpResponse<string>> {
  try {
    await evt.ping({ signal: AbortSignal.timeout(PING_MS) });
    return { status: 200, body: '{"status":"ready"}' };
  } catch (error) {
    // the error's message is not sent, because callers of this route are not authenticated
    return notReady(isEvtError(error) ? error.code : "EVT_INTERNAL", "the store cannot take events now");
  }
}

function notReady(code: ProblemCode, detail: string): HttpResponse<string> {
  return problemResponse(unavailable(code, detail));
}
