/** Returns the argument of the `Child.of` call that started this process. */
export function argument<T>(): T {
  return JSON.parse(process.argv[2] ?? "null") as T;
}

/** Sends a message to the process that started this one. */
export function send(message: unknown): void {
  process.send?.(message);
}

/** Resolves when the process that started this one has disconnected or ended. */
export function disconnected(): Promise<void> {
  return new Promise((resolve) => process.once("disconnect", resolve));
}

/** Calls `callback` with each message from the process that started this one. */
export function onMessage<T>(callback: (message: T) => void): void {
  process.on("message", callback);
}
