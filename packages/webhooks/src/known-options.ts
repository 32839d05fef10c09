/**
 * A misspelt option is a mistake of the programmer, found at start.
 * @throws TypeError that names the options there are.
 */
export function checkKnown(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`${what} takes an object of options; it was given ${String(options)}`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${what} has no option ${JSON.stringify(unknown)}; the options are ${known.join(", ")}`,
  );
}
