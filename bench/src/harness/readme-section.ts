const START = "<!-- bench:start -->";
const END = "<!-- bench:end -->";

/** The README with the results between its two markers. @throws Error where it does not have each of them once, in order */
export function withBenchSection(readme: string, results: string): string {
  const [before, rest, ...furtherStarts] = readme.split(START);
  const [, after, ...furtherEnds] = (rest ?? "").split(END);
  if (rest === undefined || after === undefined || furtherStarts.length > 0 || furtherEnds.length > 0) {
    throw new Error(`README.md must hold the line ${START} once and, after it, the line ${END} once`);
  }
  return `${before}${START}\n${results}\n${END}${after}`;
}
