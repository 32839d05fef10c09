const ZERO = 0x30;

/** The digits without the zeros at their end. By index: `/0+$/` takes quadratic time on zeros that are followed by something else. */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--;
  return digits.slice(0, end);
}
