import { inspect } from "node:util";

/** Called with the errors of a store's background work. */
type OnUpkeepError = (error: unknown) => void;

/** Maximum number of remembered messages. If there are more, an older message may be repeated. */
const MOST_REMEMBERED = 100;

/** Returns a reporter that never throws. Without a listener it emits a process warning, once for each message. */
export function upkeepReporter(listener: OnUpkeepError | undefined): OnUpkeepError {
  const report = listener ?? warnedOnce();
  return (error) => {
    try {
      report(error);
    } catch {
      // a listener's error must not stop the background work
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
    process.emitWarning(`evt could not fold tallies and tries again later: ${message}`);
  };
}

/** Returns a description for the operator. It includes Postgres's own message, which callers must not see. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
