import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { OID, writeArray } from "../../src/wire/binary-array.js";
import { ByteWriter } from "../../src/wire/byte-writer.js";

const pool = new pg.Pool({ connectionString: postgresUrl(), max: 1 });
beforeAll(() => pool.query("set timezone = 'Asia/Kathmandu'"));
afterAll(() => pool.end());

type Kind = keyof typeof OID;

/** Returns the values that Postgres reads from an array of these values. */
async function read<T>(
  kind: Kind,
  values: readonly T[],
  write: (writer: ByteWriter, value: T) => void,
  print = "value::text",
): Promise<(string | null)[]> {
  // small, so that it has to grow
  const writer = new ByteWriter(16);
  writeArray(writer, OID[kind], values, write);
  const type = kind === "char" ? '"char"' : kind;
  const text = `select ${print} as value from unnest($1::${type}[]) with ordinality as element (value, n) order by n`;
  const { rows } = await pool.query<{ value: string | null }>(text, [writer.written()]);
  return rows.map((row) => row.value);
}

describe("Postgres reads the binary format of", () => {
  it("strings in any script, and nulls", async () => {
    const texts = [
      "a",
      null,
      "",
      "Zoë",
      "☕ sold",
      "😀",
      '{"a":"\\"\\\\u0000,}"}',
      " ",
      "x".repeat(100_000),
      `${"a".repeat(40)}é`,
      null,
    ];
    expect(await read("text", texts, (writer, text) => writer.text(text))).toEqual(texts);
    expect(await read("text", [], (writer, text) => writer.text(text))).toEqual([]);
  });

  it("the first bytes of a string, even if they end within a character", async () => {
    const hex = (text: string) => Buffer.from(text).subarray(0, 4).toString("hex");
    const texts = ["", "abc", "abcd", "abcde", "abcé", "ééé", "😀😀", "x".repeat(100)];
    const printed = await read(
      "bytea",
      texts,
      (writer, text) => writer.textPrefix(text, 4),
      "encode(value, 'hex')",
    );
    expect(printed).toEqual(texts.map(hex));
  });

  it("hashes, ids and letters", async () => {
    const hashes = [
      "0".repeat(64),
      "ef29d2238525593310b4d941951f9fb6f21d440bbfe2f21e52683f13c244eb04",
      null,
      "f".repeat(64),
    ];
    const written = await read(
      "bytea",
      hashes,
      (writer, hash) => writer.hex(hash, 32),
      "encode(value, 'hex')",
    );
    expect(written).toEqual(hashes);
    const ids = ["00112233445566778899aabbccddeeff", null];
    const print = "replace(value::text, '-', '')";
    expect(await read("uuid", ids, (writer, id) => writer.hex(id, 16), print)).toEqual(ids);
    expect(await read("char", [107, 99], (writer, code) => writer.letter(code))).toEqual(["k", "c"]);
  });

  it("counts", async () => {
    const counts = [0, 1, 255, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
    expect(await read("int8", counts, (writer, count) => writer.int8(count))).toEqual(counts.map(String));
  });

  const INSTANTS = [
    "0001-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00.000001Z",
    "1582-10-15T12:34:56.789Z",
    "1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00.000Z",
    "1999-12-31T23:59:59.999999Z",
    "2000-01-01T00:00:00.000Z",
    "2000-01-01T00:00:00.000001Z",
    "2000-02-19T17:02:47.295Z",
    "2000-02-19T17:02:47.296123Z",
    "2026-03-01T12:00:00.123456Z",
    "9999-12-31T23:59:59.999999Z",
  ];

  it("instants to the microsecond, from the first year to the last", async () => {
    const print = `to_char(value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const given = [...INSTANTS, null, INSTANTS[0]!, INSTANTS[0]!];
    const printed = await read("timestamptz", given, (writer, instant) => writer.instant(instant), print);
    expect(printed.map((each) => each?.replace(/000Z$/, "Z") ?? null)).toEqual(given);
  });

  it("instants as bytes, in time order", async () => {
    const shuffled = [...INSTANTS].reverse();
    const print = "row_number() over (order by value) - 1";
    const ranks = await read(
      "bytea",
      shuffled,
      (writer, at) => writer.sortableInstant(at),
      `(${print})::text`,
    );
    expect(ranks.map((rank) => shuffled[shuffled.length - 1 - Number(rank)])).toEqual(shuffled);
  });

  it("decimals with exactly the same digits, up to 38, of which 18 after the point", async () => {
    const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,37})$/);
    const fraction = fc.stringMatching(/^[0-9]{0,17}[1-9]$/);
    const decimal = fc
      .tuple(fc.boolean(), digits, fc.option(fraction, { nil: "" }))
      .filter(([, whole, places]) => whole.length + places.length <= 38)
      .map(([negative, whole, places]) => {
        const size = places === "" ? whole : `${whole}.${places}`;
        return negative && size !== "0" ? `-${size}` : size;
      });
    const edges = [
      "0",
      "1",
      "-1",
      "10",
      "9999",
      "10000",
      "0.1",
      "-0.0001",
      "0.00001",
      "12345.6789",
      "100000000.00000001",
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(decimal, { minLength: 1, maxLength: 200, size: "max" }), async (decimals) => {
        const given = [...edges, ...decimals];
        expect(await read("numeric", given, (writer, each) => writer.decimal(each))).toEqual(given);
      }),
      { numRuns: 30 },
    );
  });
});
