/** Calls a listener of the application and ignores its errors, which must not stop the work that it listens to. */
export function callListener(call: () => void): void {
  try {
    call();
  } catch {
    // ignored
  }
}
