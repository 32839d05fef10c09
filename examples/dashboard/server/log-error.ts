import { isEvtError } from "@evt/core";

/** Logs an error in one line for the operator: the message for clients, and its cause. */
export function logError(error: unknown): void {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  console.error(isEvtError(error) ? `${error.code}: ${error.message}${cause}` : error);
}
