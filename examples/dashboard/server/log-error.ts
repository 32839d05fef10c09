import { isEvtError } from "@evt/core";

/** Logs an error for the operator. An `EvtError` takes one line, with the message of its cause. */
export function logError(error: unknown): void {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  console.error(isEvtError(error) ? `${error.code}: ${error.message}${cause}` : error);
}
