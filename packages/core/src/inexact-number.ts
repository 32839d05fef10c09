/**
 * A JSON number with more digits than a double holds. An adapter that parses JSON hands it over in place of the
 * rounded number, and the normalizer rejects the event by name (`amount_inexact`) instead of counting
 * `9007199254740992` for `9007199254740993`.
 */
export class InexactNumber {
  /** The number as it was written. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** As a text: printed as a number it would be rounded after all. */
  toJSON(): string {
    return this.text;
  }
}
