import { type Evt, isEvtError } from "@evt/core";
import { Router } from "express";
import { rejectUnknown } from "./known-options.js";
import { methodNotAllowed } from "./node/method-not-allowed.js";
import { send } from "./node/send.js";
import { Problem, type ProblemCode, problemReply } from "./problem.js";
import { RETRY_AFTER, type Reply } from "./responses/response.js";

export interface HealthRouterOptions {
  readonly evt: Pick<Evt, "ping">;
  /** Whether the server is shutting down: then it is alive, but no longer ready. @defaultValue never */
  readonly draining?: () => boolean;
}

/** How long a probe waits for the store. */
const PING_MS = 2_000;

/**
 * `GET /live`: whether the process answers; it touches nothing. `GET /ready`: whether it can take events now.
 * A router of its own, so that no login stands in front of it.
 * @throws TypeError where an option is unknown
 */
export function createHealthRouter(options: HealthRouterOptions): Router {
  rejectUnknown(options, ["evt", "draining"], "createHealthRouter");
  const { evt, draining = () => false } = options;
  if (typeof evt?.ping !== "function")
    throw new TypeError("createHealthRouter needs an evt, as createEvt makes it");
  if (typeof draining !== "function")
    throw new TypeError("draining must be a function that says whether it is so");
  const readiness = sharedReadiness(evt);
  const router = Router();
  router
    .route("/live")
    .get((req, res) => send(req, res, { status: 200, body: '{"status":"live"}' }))
    .all(methodNotAllowed("GET", "HEAD"));
  router
    .route("/ready")
    .get(async (req, res) => send(req, res, draining() ? DRAINING : await readiness()))
    .all(methodNotAllowed("GET", "HEAD"));
  return router;
}

const DRAINING = notReady("EVT_DRAINING", "shutting down; ask another server");

/** Probes that come while one is under way share its answer: whoever may knock unasked must not multiply the store's work. */
function sharedReadiness(evt: Pick<Evt, "ping">): () => Promise<Reply<string>> {
  let asking: Promise<Reply<string>> | undefined;
  return () => {
    asking ??= readinessOf(evt).finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function readinessOf(evt: Pick<Evt, "ping">): Promise<Reply<string>> {
  try {
    await evt.ping({ signal: AbortSignal.timeout(PING_MS) });
    return { status: 200, body: '{"status":"ready"}' };
  } catch (error) {
    // not its message: nobody had to log in to ask
    return notReady(isEvtError(error) ? error.code : "EVT_INTERNAL", "the store cannot take events now");
  }
}

function notReady(code: ProblemCode, detail: string): Reply<string> {
  return problemReply(new Problem(503, code, detail, { headers: RETRY_AFTER }));
}
