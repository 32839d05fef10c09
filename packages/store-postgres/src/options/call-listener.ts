/**
 * Calls an application's listener and ignores the errors that it throws, so that they cannot stop the caller's work.
 */
export function callListener(call: () => void): void {
  try {
    call();
  } catch {
    // ignored
  }
}
