import { describe, expect, it } from "vitest";
import { Turns } from "../../src/sharing/turns.js";
import { gate } from "../gate.js";

/** Starts work that runs until `end` is called. */
function start(atOnce: number) {
  const turns = new Turns(atOnce);
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const take = (key: string, name: string) =>
    turns.take(key, async () => {
      began.push(name);
      const { opened, open } = gate();
      ends.push(open);
      await opened;
    });
  const end = async () => {
    ends.shift()?.();
    await new Promise(setImmediate);
  };
  return { turns, began, take, end };
}

describe("turns", () => {
  it("limit how much work runs at once", async () => {
    const { began, take, end } = start(2);
    for (const name of ["a1", "a2", "a3"]) void take("a", name);
    expect(began).toEqual(["a1", "a2"]);
    await end();
    expect(began).toEqual(["a1", "a2", "a3"]);
  });

  it("alternate between keys, even if one key has more waiting", async () => {
    const { began, take, end } = start(1);
    for (const name of ["a1", "a2", "a3", "a4"]) void take("a", name);
    for (const name of ["b1", "b2"]) void take("b", name);
    void take("c", "c1");
    for (let n = 0; n < 7; n++) await end();
    expect(began).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });

  it("are returned by work that fails, and are free again when no task waits", async () => {
    const { turns, began, take } = start(1);
    const fail = () => turns.take("a", () => Promise.reject(new Error("no")));
    const failing = Promise.allSettled([fail(), fail()]);
    void take("b", "b1");
    await failing;
    await new Promise(setImmediate);
    expect(began).toEqual(["b1"]);
  });
});
