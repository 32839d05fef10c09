/** One line of a body, without its line break. */
export interface Line {
  /** The position of the line, from 1. Blank lines count. */
  readonly number: number;
  /** `null` if the line exceeds the limit. */
  readonly bytes: Buffer | null;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Yields the lines of a stream, except blank ones. Drops the bytes of a line that has more than `most` bytes. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer) => {
    size += part.length;
    if (size <= most) parts.push(part);
    else parts = [];
  };
  const take = (): Line | undefined => {
    const bytes =
      size > most ? null : withoutReturn(parts.length === 1 ? first(parts) : Buffer.concat(parts));
    parts = [];
    size = 0;
    const line = { number: number++, bytes };
    return bytes !== null && isBlank(bytes) ? undefined : line;
  };
  for await (const chunk of chunks) {
    let begin = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, begin);
      if (end === -1) break;
      add(chunk.subarray(begin, end));
      begin = end + 1;
      const line = take();
      if (line !== undefined) yield line;
    }
    if (begin < chunk.length) add(chunk.subarray(begin));
  }
  if (size === 0) return;
  const last = take();
  if (last !== undefined) yield last;
}

function first(parts: readonly Buffer[]): Buffer {
  return parts[0] as Buffer;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

/** Returns whether a line has no bytes other than spaces and tabs. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}
