const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/**
 * Returns the document, with `results` instead of the text between its two markers.
 * @throws Error unless the document contains each marker once, in order
 */
export function withBenchSection(document: string, results: string): string {
  const [before, rest, ...furtherStarts] = document.split(START);
  const [, after, ...furtherEnds] = (rest ?? "").split(END);
  if (rest === undefined || after === undefined || furtherStarts.length > 0 || furtherEnds.length > 0) {
    throw new Error(`the document must have the line ${START} once and, after it, the line ${END} once`);
  }
  return `${before}${START}\n${results}\n${END}${after}`;
}
