import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { hashArray, instantArray, letterArray, textArray, uuidArray } from "../src/binary-array.js";

const pool = new pg.Pool({ connectionString: inject("postgresUrl"), max: 1 });
beforeAll(() => pool.query("set timezone = 'Asia/Kathmandu'"));
afterAll(() => pool.end());

const same = (value: string | null) => value;

async function read(array: Buffer, type: string, print = "value::text"): Promise<(string | null)[]> {
  const text = `select ${print} as value from unnest($1::${type}[]) with ordinality as element (value, n) order by n`;
  const { rows } = await pool.query<{ value: string | null }>(text, [array]);
  return rows.map((row) => row.value);
}

describe("an array in binary", () => {
  it("holds text of any script, and nulls", async () => {
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
      null,
    ];
    expect(await read(textArray(texts, same), "text")).toEqual(texts);
    expect(await read(textArray([], same), "text")).toEqual([]);
  });

  it("holds hashes, ids and letters", async () => {
    const hashes = [
      "0".repeat(64),
      "ef29d2238525593310b4d941951f9fb6f21d440bbfe2f21e52683f13c244eb04",
      null,
      "f".repeat(64),
    ];
    expect(await read(hashArray(hashes, same), "bytea", "encode(value, 'hex')")).toEqual(hashes);
    const ids = ["00112233445566778899aabbccddeeff", null];
    expect(await read(uuidArray(ids, same), "uuid", "replace(value::text, '-', '')")).toEqual(ids);
    expect(
      await read(
        letterArray(["k", "c"], (letter) => letter),
        '"char"',
      ),
    ).toEqual(["k", "c"]);
  });

  it("holds instants to the microsecond, from the first year to the last", async () => {
    const instants = [
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
      null,
      "9999-12-31T23:59:59.999999Z",
    ];
    const print = `to_char(value at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
    const printed = await read(instantArray(instants, same), "timestamptz", print);
    expect(printed.map((each) => each?.replace(/000Z$/, "Z") ?? null)).toEqual(instants);
  });
});
