/** Escapes the characters that Postgres cannot store, NUL and lone surrogates, as JSON does. */
export function storable(text: string): string {
  if (text.isWellFormed() && !text.includes("\0")) return text;
  return text.replace(
    /[\0\ud800-\udfff]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
