/** The number of decimals. An amount is converted to a whole number of 10^-18. */
const SCALE = 18;

export function scaled(decimal: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  if (whole === "" || fraction.length > SCALE) throw new Error(`${decimal} is not a plain decimal`);
  return BigInt(`${sign}${whole}${fraction.padEnd(SCALE, "0")}`);
}

/** The exact count, sum, minimum and maximum of decimals. */
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

  /** Returns whether the given totals equal the totals of the added decimals. */
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
