/** A registered symbol, so that two copies of this package in one process recognize each other's numbers. */
const brand = Symbol.for("evt.inexact-number");

/**
 * A JSON number that evt's JSON reader does not convert to a double: its digits would change, it is an integer beyond
 * 2^53, or it has more than 1,000 characters. With a double, evt would count `9007199254740993` as `9007199254740992`.
 * An event with such an amount is rejected (`amount_inexact`). Recognize an `InexactNumber` with {@link
 * isInexactNumber}, not with `instanceof`.
 */
export class InexactNumber {
  /** The number as the JSON text has it. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get [brand](): true {
    return true;
  }

  /** Serializes the number as a string, because `JSON.stringify` cannot write its digits as a number. */
  toJSON(): string {
    return this.text;
  }
}

/** Returns whether a value is an {@link InexactNumber}, from this or another copy of the package. */
export function isInexactNumber(value: unknown): value is InexactNumber {
  return typeof value === "object" && value !== null && brand in value;
}
