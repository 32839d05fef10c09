/** The middle value; of an even number of them the upper one of the two. `undefined` of none. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
