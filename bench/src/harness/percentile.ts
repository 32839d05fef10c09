/**
 * Returns the smallest value that is at least as large as this share of the values.
 * @throws RangeError if there are no values
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError("an empty list has no percentile");
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
