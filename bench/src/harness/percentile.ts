/**
 * Returns the smallest value for which this share of the values is not greater (the nearest rank). 0.99 is the 99th percentile.
 * @throws RangeError if there are no values
 */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError("an empty list has no percentile");
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
