/** Receives the errors of work that no caller waits for. */
export type OnBackgroundError = (error: unknown) => void;

/** The process warning for the first error, if there is no listener. */
export interface FirstWarning {
  readonly code: string;
  /** What failed, such as `the last use of an API key could not be written`. */
  readonly failure: string;
}

/**
 * Returns a function that passes errors to `listener`, and never throws. Without a listener, the first error becomes a process
 * warning.
 */
export function backgroundErrors(
  listener: OnBackgroundError | undefined,
  warning: FirstWarning,
): OnBackgroundError {
  const report = listener ?? warnOnce(warning);
  return (error) => {
    try {
      report(error);
    } catch {
      // a listener must not affect the work
    }
  };
}

function warnOnce({ code, failure }: FirstWarning): OnBackgroundError {
  let isWarned = false;
  return (error) => {
    if (isWarned) return;
    isWarned = true;
    const why = error instanceof Error ? error.message : String(error);
    const message = `${failure}: ${why}. Later errors are not reported; set onError to receive them`;
    process.emitWarning(message, { type: "EvtWarning", code });
  };
}
