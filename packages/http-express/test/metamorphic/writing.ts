import fc from "fast-check";

/** One of the many spellings of a JSON value: the order of keys, white space, escapes. */
export type Writing = readonly number[];

export const writing: fc.Arbitrary<Writing> = fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 40 });

const SPACES = ["", "", " ", "\n", "\t\r\n  "];

/** Returns the JSON of a value in the spelling of `writing`. `JSON.parse` reads the same value from each spelling. */
export function written(value: unknown, writing: Writing): string {
  let drawn = 0;
  // each choice uses the next number of `writing`
  const choice = (of: number) => ((writing[drawn++ % writing.length] as number) + drawn) % of;
  return new Writer(choice).value(value);
}

class Writer {
  readonly #choice: (of: number) => number;

  constructor(choice: (of: number) => number) {
    this.#choice = choice;
  }

  value(value: unknown): string {
    if (typeof value === "string") return this.#spaced(this.#text(value));
    if (Array.isArray(value)) return this.#spaced(`[${value.map((each) => this.value(each)).join(",")}]`);
    if (typeof value === "object" && value !== null) return this.#spaced(this.#object(Object.entries(value)));
    return this.#spaced(JSON.stringify(value));
  }

  #object(members: [string, unknown][]): string {
    const left = [...members];
    const texts: string[] = [];
    while (left.length > 0) {
      const [[key, value]] = left.splice(this.#choice(left.length), 1) as [[string, unknown]];
      texts.push(`${this.#spaced(this.#text(key))}:${this.value(value)}`);
    }
    return `{${texts.join(",")}${this.#space()}}`;
  }

  #text(text: string): string {
    // by code units: each half of a surrogate pair is escaped separately
    const units = Array.from({ length: text.length }, (_, i) => text[i] as string);
    if (units.some((unit) => /[\ud800-\udfff]/.test(unit)) && this.#choice(2) === 0)
      return JSON.stringify(text);
    return `"${units.map((unit) => this.#unit(unit)).join("")}"`;
  }

  #unit(unit: string): string {
    const isHalf = /[\ud800-\udfff]/.test(unit);
    const escaped = `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    if (isHalf || this.#choice(3) === 0)
      return this.#choice(2) === 0 ? escaped : escaped.replace(/[a-f]/g, upper);
    return unit === "/" ? "\\/" : JSON.stringify(unit).slice(1, -1);
  }

  #spaced(text: string): string {
    return this.#space() + text + this.#space();
  }

  #space(): string {
    return SPACES[this.#choice(SPACES.length)] as string;
  }
}

const upper = (digit: string) => digit.toUpperCase();
