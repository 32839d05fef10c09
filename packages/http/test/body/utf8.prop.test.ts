import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8Text } from "../../src/body/utf8.js";

/** Bytes of which many start, continue or almost form a character. */
const bytes = fc
  .array(
    fc.oneof(
      fc
        .string({ unit: "binary", minLength: 1, maxLength: 1 })
        .map((character) => [...Buffer.from(character)]),
      fc.array(
        fc.constantFrom(
          0x41,
          0x80,
          0xbf,
          0xc0,
          0xc2,
          0xe0,
          0xed,
          0xef,
          0xf0,
          0xf4,
          0xf5,
          0xff,
          0x9f,
          0xa0,
          0x8f,
          0x90,
        ),
        { maxLength: 3 },
      ),
    ),
  )
  .map((parts) => Buffer.from(parts.flat()));

/** Longer than one chunk of the search: a valid or an invalid character crosses each edge of a chunk. */
const longBytes = fc
  .tuple(fc.constantFrom("aé", "€", "\u{1f600}"), fc.nat({ max: 4 }), bytes, fc.nat({ max: 200_000 }))
  .map(([unit, begin, stray, at]) => {
    const good = Buffer.from("a".repeat(begin) + unit.repeat(200_000 / unit.length));
    return Buffer.concat([good.subarray(0, at), stray, good.subarray(at)]);
  });

describe("utf8Text", () => {
  it("names the end of the longest valid part in long bodies, too", () => {
    fc.assert(
      fc.property(longBytes, (sent) => {
        fc.pre(!isUtf8(sent));
        let [low, high] = [0, sent.length];
        // a prefix is valid if at most its last character is incomplete
        const isGood = (end: number) =>
          [0, 1, 2, 3].some((cut) => end >= cut && isUtf8(sent.subarray(0, end - cut)));
        while (high - low > 4) {
          const middle = Math.floor((low + high) / 2);
          if (isGood(middle)) low = middle;
          else high = middle;
        }
        const near = Array.from({ length: 12 }, (_, i) => low - 4 + i).filter(
          (end) => end >= 0 && isUtf8(sent.subarray(0, end)),
        );
        expect(() => utf8Text(sent)).toThrow(`body is not UTF-8: byte ${Math.max(...near)} `);
      }),
      { numRuns: 100 },
    );
  });

  it("decodes valid UTF-8, and otherwise names the end of the longest valid part", () => {
    fc.assert(
      fc.property(bytes, (sent) => {
        if (isUtf8(sent)) {
          expect(utf8Text(sent)).toBe(new TextDecoder("utf-8", { fatal: true }).decode(sent));
          return;
        }
        const wellFormed = Array.from(sent, (_, end) => end).filter((end) => isUtf8(sent.subarray(0, end)));
        expect(() => utf8Text(sent)).toThrow(`body is not UTF-8: byte ${Math.max(...wellFormed)} `);
      }),
      { numRuns: 2_000 },
    );
  });

  it("finds an invalid byte after megabytes of valid ones", () => {
    const sent = Buffer.concat([Buffer.alloc(5 * 1024 * 1024, "é"), Buffer.of(0xff)]);
    expect(() => utf8Text(sent)).toThrow("byte 5242880 (0xff)");
  });
});
