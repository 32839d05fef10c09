import { withoutTrailingZeros } from "../normalize/trailing-zeros.js";

/**
 * Exact decimals. A canonical amount has at most 18 digits after the point, so its value times 10^18 is an
 * integer, and sums of such integers never round.
 */
const SCALE = 18;
const UNIT = 10n ** BigInt(SCALE);

/** A canonical amount times 10^18. */
function scaled(amount: string): bigint {
  const point = amount.indexOf(".");
  if (point < 0) return BigInt(amount) * UNIT;
  const fraction = amount.length - point - 1;
  return BigInt(amount.slice(0, point) + amount.slice(point + 1)) * 10n ** BigInt(SCALE - fraction);
}

/** The canonical amount of a value times 10^18. */
function unscaled(value: bigint): string {
  return plainDecimal(value, SCALE);
}

/** `digits × 10^-scale` as a plain decimal without trailing zeros. */
function plainDecimal(digits: bigint, scale: number): string {
  const sign = digits < 0n ? "-" : "";
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const fraction = withoutTrailingZeros(text.slice(text.length - scale));
  const whole = text.slice(0, text.length - scale);
  return fraction === "" ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Negative, zero or positive, as `left` is below, equal to or above `right`. Both canonical. */
export function compareDecimals(left: string, right: string): number {
  const difference = scaled(left) - scaled(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The running count, sum, min and max of canonical amounts, exact to the last digit. For store authors. */
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

  /** `null` while nothing was added, like `max`. */
  get min(): string | null {
    return this.#min === null ? null : unscaled(this.#min);
  }

  get max(): string | null {
    return this.#max === null ? null : unscaled(this.#max);
  }
}

const SIGNIFICANT = 20;

/** `sum / count` in one rounding, half to even, to at most 20 significant digits. `count` is a positive integer. */
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

/** The e for which `10^e ≤ dividend / divisor < 10^(e+1)`. */
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
