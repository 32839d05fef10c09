import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf } from "../../src/body/lines.js";

async function* chunksOf(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Buffer> {
  let begin = 0;
  for (const end of [...ends.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(begin, end);
    begin = end;
  }
}

async function split(text: string, ends: readonly number[], most: number) {
  const found: [number, string | null][] = [];
  for await (const { number, bytes } of linesOf(chunksOf(Buffer.from(text), ends), most))
    found.push([number, bytes === null ? null : bytes.toString()]);
  return found;
}

describe("linesOf", () => {
  it("finds the same lines, however the bytes are divided", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "ü", " ", "\t", "\n", "\r\n"), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.nat(60), { maxLength: 8 }),
        fc.integer({ min: 1, max: 12 }),
        async (sent, ends, most) => {
          const expected = sent
            .split("\n")
            .map((line, i): [number, string | null] => [
              i + 1,
              Buffer.byteLength(line) > most ? null : line.replace(/\r$/, ""),
            ])
            .filter(([, line]) => line === null || !/^[ \t]*$/.test(line));
          expect(await split(sent, ends, most)).toEqual(expected);
        },
      ),
    );
  });

  it("counts empty lines, and finds a last line without a line break", async () => {
    expect(await split("a\n\n \r\nb", [], 10)).toEqual([
      [1, "a"],
      [4, "b"],
    ]);
  });
});
