/** Returns the smallest value that at least this share of the values does not exceed. @throws RangeError if there are no values */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError("there is no percentile of no values");
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
