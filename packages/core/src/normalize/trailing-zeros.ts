const ZERO = 0x30;

/**
 * Returns the digits without trailing zeros. Uses an index, because `/0+$/` takes quadratic time if many zeros precede
 * another digit.
 */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--;
  return digits.slice(0, end);
}
