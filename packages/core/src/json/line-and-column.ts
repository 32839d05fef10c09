const LINE_FEED = "\n";

/** A position in a text. Both numbers begin at 1, as in editors. A column is one UTF-16 code unit. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Returns the line and column of the character at `offset`. */
export function lineAndColumn(text: string, offset: number): LineAndColumn {
  let line = 1;
  let begin = 0;
  for (;;) {
    const end = text.indexOf(LINE_FEED, begin);
    if (end < 0 || end >= offset) return { line, column: offset - begin + 1 };
    line++;
    begin = end + 1;
  }
}
