/**
 * Returns the events inside a raw value: the elements of its array, the JSON inside one of its strings, what a Base64
 * string decodes to. Pure. `undefined`: the value is no envelope; if it looks like one all the same, it is rejected. If the function throws, or returns anything else,
 * the raw event is rejected with `unwrap_failed` and parked.
 *
 * @example
 * const unwrap: Unwrap = (raw) => [JSON.parse((raw as { Message: string }).Message)];
 */
export type Unwrap = (raw: unknown) => readonly unknown[] | undefined;
