/** The least value that at least this share of the values do not exceed. @throws RangeError of none */
export function percentile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new RangeError("nothing has no percentile");
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
