import type { EvtError } from "../evt-error.js";
import type { InsertOutcome } from "../store.js";

/**
 * What became of one record: the store's answer; `refused` where the store can never hold it; `unsettled` where it
 * was not stored, or nobody knows.
 */
export type InsertResult =
  | InsertOutcome
  | { readonly outcome: "refused"; readonly error: EvtError }
  | { readonly outcome: "unsettled"; readonly error: EvtError };
