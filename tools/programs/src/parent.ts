/** What a program of the bench was handed over. */
export function argument<T>(): T {
  return JSON.parse(process.argv[2] ?? "null") as T;
}

export function answer(message: unknown): void {
  process.send?.(message);
}

/** Resolves when the bench has no more use for this process, or is gone. */
export function dismissed(): Promise<void> {
  return new Promise((resolve) => process.once("disconnect", resolve));
}

/** Calls back with each thing more that it is handed. */
export function told<T>(callback: (message: T) => void): void {
  process.on("message", callback);
}
