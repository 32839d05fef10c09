import type { EvtError } from "../evt-error.js";
import type { InsertOutcome } from "../store.js";

/**
 * The result of inserting one record: the outcome of the store; `refused` if the store can never hold the record;
 * `unsettled` if there is no outcome. It is unknown whether an unsettled record is stored.
 */
export type InsertResult =
  | InsertOutcome
  | { readonly outcome: "refused"; readonly error: EvtError }
  | { readonly outcome: "unsettled"; readonly error: EvtError };
