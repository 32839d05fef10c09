import { describe, expect, it } from "vitest";
import { Resends } from "../../src/insert/resends.js";

function after(...were: readonly boolean[]): Resends {
  const resends = new Resends();
  for (const each of were) resends.note(each);
  return resends;
}

const times = (count: number, value: boolean) => Array<boolean>(count).fill(value);

describe("resends", () => {
  it("are not expected before the first resend, nor after one resend among many calls", () => {
    expect(after().expected).toBe(false);
    expect(after(true).expected).toBe(false);
    expect(after(...times(100, false), true).expected).toBe(false);
  });

  it("are expected if every tenth call has one, or every call", () => {
    expect(after(true, true).expected).toBe(true);
    expect(after(...Array.from({ length: 200 }, (_, n) => n % 5 === 4)).expected).toBe(true);
  });

  it("are no longer expected after a while without resends", () => {
    expect(after(...times(50, true), ...times(20, false)).expected).toBe(true);
    expect(after(...times(50, true), ...times(50, false)).expected).toBe(false);
  });
});
