import { inspect } from "node:util";

/** Receives the failures of what a store does by itself. */
type OnUpkeepError = (error: unknown) => void;

/** With more messages than these the oldest ones may be repeated. */
const MOST_REMEMBERED = 100;

/** Never throws. Without a listener a failure becomes a process warning, once for each message. */
export function upkeepReporter(listener: OnUpkeepError | undefined): OnUpkeepError {
  const report = listener ?? warnedOnce();
  return (error) => {
    try {
      report(error);
    } catch {
      // a listener must not end what reports to it
    }
  };
}

function warnedOnce(): OnUpkeepError {
  const warned = new Set<string>();
  return (error) => {
    const message = describe(error);
    if (warned.has(message)) return;
    if (warned.size === MOST_REMEMBERED) warned.clear();
    warned.add(message);
    process.emitWarning(`evt could not fold totals, and tries again: ${message}`);
  };
}

/** With what Postgres said: this is for the operator, not for a caller. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
