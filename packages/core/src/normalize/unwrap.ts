/**
 * Returns the events inside a raw value, such as the elements of an array or the parsed JSON of a string. Must be pure.
 * Returns `undefined` if the value is not an envelope. evt still rejects such a value if it looks like an envelope. If
 * the function throws, or returns another value, the raw event is rejected with `unwrap_failed` and parked.
 *
 * @example
 * const unwrap: Unwrap = (raw) => [JSON.parse((raw as { Message: string }).Message)];
 */
export type Unwrap = (raw: unknown) => readonly unknown[] | undefined;
