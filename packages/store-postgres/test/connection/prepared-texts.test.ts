import { describe, expect, it } from "vitest";
import { PreparedTexts } from "../../src/connection/prepared-texts.js";
import { prepared, unprepared } from "../../src/connection/statement.js";

describe("prepared texts", () => {
  it("have one name for each text, whatever the values", () => {
    const texts = new PreparedTexts(prepared);
    const first = texts.of({ text: "select $1::text", values: ["a"] });
    const second = texts.of({ text: "select $1::text", values: ["b"] });
    const other = texts.of({ text: "select $1::int", values: ["1"] });
    expect(first).toEqual({ text: "select $1::text", values: ["a"], name: expect.stringMatching(/^evt_/) });
    expect(second).toEqual({ ...first, values: ["b"] });
    expect(other.name).not.toBe(first.name);
  });

  it("are limited, because each takes memory on every connection", () => {
    const texts = new PreparedTexts(prepared);
    const names = Array.from({ length: 70 }, (_, n) => texts.of({ text: `select ${n}`, values: [] }).name);
    expect(names.filter((name) => name !== undefined)).toHaveLength(64);
    expect(texts.of({ text: "select 0", values: [] }).name).toBe(names[0]);
    expect(texts.of({ text: "select 69", values: ["a"] })).toEqual({ text: "select 69", values: ["a"] });
  });

  it("are not prepared for a pooler that cannot", () => {
    const query = { text: "select 1", values: [] };
    expect(new PreparedTexts(unprepared).of(query)).toEqual(query);
  });
});
