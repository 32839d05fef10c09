import { describe, expect, it } from "vitest";
import { Turns } from "../../src/runtime/turns.js";
import { settle } from "../../src/testing/fake-runtime.js";

function trial(limits = { atOnce: 4, ofTenantAtOnce: 2, ofTenantWaiting: 3 }) {
  const turns = new Turns(limits);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  /** A call that ends on command. */
  const call = (name: string, { urgent = false, signal = new AbortController().signal } = {}) =>
    turns.take(
      name[0] as string,
      signal,
      () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      },
      urgent,
    );
  const end = async (name: string) => {
    ends.get(name)?.();
    await settle();
  };
  return { call, end, begun };
}

describe("turns", () => {
  it("end the wait of a call whose signal has already aborted, and keep nothing of it", async () => {
    const { call, end, begun } = trial({ atOnce: 1, ofTenantAtOnce: 1, ofTenantWaiting: 1 });
    void call("a1");
    const reason = new Error("gone");
    for (const name of ["a2", "b1", "b2"])
      for (const urgent of [true, false])
        await expect(call(name, { urgent, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    void call("b3");
    await end("a1");
    expect(begun).toEqual(["a1", "b3"]);
  });

  it("give a tenant its share, and other tenants the rest", async () => {
    const { call, begun } = trial();
    for (const name of ["a1", "a2", "a3", "b1", "b2", "b3", "c1"]) void call(name);
    await settle();
    expect(begun).toEqual(["a1", "a2", "b1", "b2"]);
  });

  it("alternate between tenants, in order of arrival within one", async () => {
    const { call, end, begun } = trial({ atOnce: 1, ofTenantAtOnce: 1, ofTenantWaiting: 9 });
    for (const name of ["a1", "a2", "a3", "b1", "c1", "b2"]) void call(name);
    for (const name of ["a1", "b1", "c1", "a2", "b2", "a3"]) {
      await settle();
      expect(begun.at(-1)).toBe(name);
      await end(name);
    }
  });

  it("put urgent work before other waiting work of its tenant, in order, and never refuse it", async () => {
    const { call, end, begun } = trial({ atOnce: 1, ofTenantAtOnce: 1, ofTenantWaiting: 1 });
    void call("a1");
    void call("a2");
    void call("a3", { urgent: true });
    void call("a4", { urgent: true });
    for (const name of ["a1", "a3", "a4", "a2"]) {
      await settle();
      expect(begun.at(-1)).toBe(name);
      await end(name);
    }
  });

  it("refuse only a tenant with too many waiting calls", async () => {
    const { call } = trial();
    for (let n = 0; n < 5; n++) void call(`a${n}`);
    await expect(call("a5")).rejects.toMatchObject({ code: "EVT_OVERLOADED" });
    for (let n = 0; n < 5; n++) void call(`b${n}`);
    await settle();
  });

  it("end when the signal aborts, for a waiting call and for one that never settles", async () => {
    const { call, begun } = trial({ atOnce: 1, ofTenantAtOnce: 1, ofTenantWaiting: 9 });
    const [hung, leaving] = [new AbortController(), new AbortController()];
    void call("a1", { signal: hung.signal });
    const left = call("a2", { signal: leaving.signal });
    void call("b1");
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    hung.abort();
    await settle();
    expect(begun).toEqual(["a1", "b1"]);
  });

  it("end when the work fails", async () => {
    const turns = new Turns({ atOnce: 1, ofTenantAtOnce: 1, ofTenantWaiting: 0 });
    const { signal } = new AbortController();
    for (let n = 0; n < 3; n++) {
      const failing = turns.take("a", signal, () => Promise.reject(new Error("no")));
      await expect(failing).rejects.toThrow("no");
    }
  });
});
