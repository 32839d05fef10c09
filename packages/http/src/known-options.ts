/** A misspelt option would otherwise be one left out. @throws TypeError that lists the right ones */
export function rejectUnknown(options: object, known: readonly string[], of: string): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError(`${of} takes an object of options; it was given ${String(options)}`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${of} has no option ${JSON.stringify(unknown)}; it takes ${known.join(", ")}`);
}
