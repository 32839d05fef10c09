import type { IngestContext } from "../ingest/ingest-context.js";
import type { Choice } from "../normalize/mapping-choice.js";
import type { ReplayStore } from "../store.js";

/** The dependencies of a replay. */
export interface ReplayContext extends Omit<IngestContext, "queue" | "onOutcome" | "choice"> {
  readonly choice: Choice;
  readonly store: ReplayStore;
  readonly timeoutMs: number;
}
