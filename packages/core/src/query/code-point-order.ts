/**
 * Compares two strings by code point, as the collation "C" of Postgres does. The order by UTF-16 code units differs: it
 * puts surrogates before U+E000. Returns a negative number, 0 or a positive number.
 */
export function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = raised(a.charCodeAt(i)) - raised(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Returns the code unit, with surrogates above all other code units. */
function raised(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x1_0000 : unit;
}
