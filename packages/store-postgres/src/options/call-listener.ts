/** Calls an application's listener and ignores its errors: they must not stop the caller's work. */
export function callListener(call: () => void): void {
  try {
    call();
  } catch {
    // ignored
  }
}
