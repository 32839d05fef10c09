import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createDrain } from "../../src/index.js";
import { gate } from "../gate.js";

const request = (method = "GET") => new Request("http://localhost/", { method });

describe("guard of createDrain", () => {
  it("passes all arguments to the handler, and returns its response", async () => {
    const handler = createDrain().guard((_request: Request, env: string) => new Response(env));
    expect(await (await handler(request(), "production")).text()).toBe("production");
  });

  it("finishes requests in progress, and refuses new ones", async () => {
    const { opened, open } = gate();
    const drain = createDrain();
    const handler = drain.guard(() => opened.then(() => new Response("done")));
    const underWay = handler(request());
    const closed = vi.fn();
    const closing = drain.close(null).then(closed);
    expect(drain.draining).toBe(true);
    const refused = await handler(request());
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await refused.json()).toMatchObject({ code: "EVT_DRAINING" });
    expect((await handler(request("HEAD"))).body).toBeNull();
    await new Promise(setImmediate);
    expect(closed).not.toHaveBeenCalled();
    open();
    expect(await (await underWay).text()).toBe("done");
    await closing;
  });

  it("counts a request as finished if its handler throws", async () => {
    const drain = createDrain();
    const handler = drain.guard(() => Promise.reject(new Error("the host's own")));
    await expect(handler(request())).rejects.toThrow("the host's own");
    await drain.close(null);
  });

  it("waits at most timeoutMs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const drain = createDrain();
    void drain.guard(() => new Promise<Response>(() => undefined))(request());
    const closing = drain.close(null, { timeoutMs: 5_000 });
    vi.advanceTimersByTime(5_000);
    await closing;
  });
});
