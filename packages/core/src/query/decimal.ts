import { withoutTrailingZeros } from "../normalize/trailing-zeros.js";

/**
 * A canonical amount has at most 18 digits after the point. Multiplied by 10^18, it is an integer. Sums of integers are
 * exact.
 */
const SCALE = 18;
const UNIT = 10n ** BigInt(SCALE);

/** Returns a canonical amount multiplied by 10^18. */
export function scaled(amount: string): bigint {
  const point = amount.indexOf(".");
  if (point < 0) return BigInt(amount) * UNIT;
  const fraction = amount.length - point - 1;
  return BigInt(amount.slice(0, point) + amount.slice(point + 1)) * 10n ** BigInt(SCALE - fraction);
}

/** Returns the canonical amount of a value that was multiplied by 10^18. */
function unscaled(value: bigint): string {
  return plainDecimal(value, SCALE);
}

/** Returns `digits × 10^-scale` as a plain decimal without trailing zeros. */
function plainDecimal(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const fraction = withoutTrailingZeros(text.slice(text.length - scale));
  const whole = text.slice(0, text.length - scale);
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Compares two canonical amounts. Negative if `left` is smaller, 0 if they are equal, positive if it is greater. */
export function compareDecimals(left: string, right: string): number {
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Computes the exact count, sum, min and max of canonical amounts. For store authors.
 *
 * @example
 * const fold = new DecimalFold().add("0.1").add("0.2");
 * console.log(fold.count, fold.sum, fold.max); // 2 0.3 0.2
 */
export class DecimalFold {
  #count = 0;
  #sum = 0n;
  #min: bigint | null = null;
  #max: bigint | null = null;

  add(amount: string): this {
    const value = scaled(amount);
    this.#count++;
    this.#sum += value;
    if (this.#min === null || value < this.#min) this.#min = value;
    if (this.#max === null || value > this.#max) this.#max = value;
    return this;
  }

  /** Adds the totals of another fold. */
  merge(other: DecimalFold): this {
    this.#count += other.#count;
    this.#sum += other.#sum;
    if (other.#min !== null && (this.#min === null || other.#min < this.#min)) this.#min = other.#min;
    if (other.#max !== null && (this.#max === null || other.#max > this.#max)) this.#max = other.#max;
    return this;
  }

  get count(): number {
    return this.#count;
  }

  get sum(): string {
    return unscaled(this.#sum);
  }

  /** `null` if no amount was added. */
  get min(): string | null {
    return this.#min === null ? null : unscaled(this.#min);
  }

  /** `null` if no amount was added. */
  get max(): string | null {
    return this.#max === null ? null : unscaled(this.#max);
  }
}

const SIGNIFICANT = 20;

/** Returns `sum / count`, rounded once, half to even, to 20 significant digits. `count` is a positive integer. */
export function average(sum: string, count: number): string {
  const total = scaled(sum);
  if (total === 0n) return "0";
  const dividend = total < 0n ? -total : total;
  const divisor = BigInt(count) * UNIT;
  const scale = SIGNIFICANT - 1 - magnitude(dividend, divisor);
  const digits =
    scale >= 0
      ? divideHalfEven(dividend * 10n ** BigInt(scale), divisor)
      : divideHalfEven(dividend, divisor * 10n ** BigInt(-scale)) * 10n ** BigInt(-scale);
  return plainDecimal(total < 0n ? -digits : digits, Math.max(scale, 0));
}

/** Returns the exponent e for which `10^e ≤ dividend / divisor < 10^(e+1)`. */
function magnitude(dividend: bigint, divisor: bigint): number {
  const estimate = dividend.toString().length - divisor.toString().length;
  const reached =
    estimate >= 0
      ? dividend >= divisor * 10n ** BigInt(estimate)
      : dividend * 10n ** BigInt(-estimate) >= divisor;
  return reached ? estimate : estimate - 1;
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
