import { isEvtError } from "@evt/core";

/** One line for whoever runs the server: what its clients were told, and what lies beneath. */
export function logError(error: unknown): void {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  console.error(isEvtError(error) ? `${error.code}: ${error.message}${cause}` : error);
}
