/** Decimals of at most this many digits behind the point, as whole numbers of that unit. */
const SCALE = 18;

export function scaled(decimal: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === "" || fraction.length > SCALE) throw new Error(`${decimal} is no plain decimal`);
  return BigInt(`${sign}${whole}${fraction.padEnd(SCALE, "0")}`);
}

/** Count and exact sum, least and greatest of decimals. */
export class ExactFold {
  count = 0;
  #sum = 0n;
  #min: bigint | null = null;
  #max: bigint | null = null;

  add(decimal: string): void {
    const value = scaled(decimal);
    this.count++;
    this.#sum += value;
    if (this.#min === null || value < this.#min) this.#min = value;
    if (this.#max === null || value > this.#max) this.#max = value;
  }

  /** Whether these totals are just what was folded. */
  equals({ count, sum, min, max }: Totals): boolean {
    return (
      count === this.count &&
      scaled(sum) === this.#sum &&
      (min === null ? this.#min === null : scaled(min) === this.#min) &&
      (max === null ? this.#max === null : scaled(max) === this.#max)
    );
  }
}

export interface Totals {
  readonly count: number;
  readonly sum: string;
  readonly min: string | null;
  readonly max: string | null;
}
