import type { RateLimitedRequest } from "@evt/http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CounterStore, createRateLimits, memoryCounters, type RateCounter } from "../src/index.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SERVED = { processed: 0, unavailable: false };

const tenant = (tenantId: string, sendsEvents = false): RateLimitedRequest => ({
  key: `tenant ${tenantId}`,
  tenantId,
  clientId: null,
  sendsEvents,
});
const address = (ip: string): RateLimitedRequest => ({
  key: `address ${ip}`,
  tenantId: null,
  clientId: null,
  sendsEvents: false,
});

type Limits = ReturnType<typeof createRateLimits>;

/** Returns whether a request was admitted, or the problem. */
async function outcome(limits: Limits, request: RateLimitedRequest, served = SERVED) {
  try {
    const admitted = await limits.admit(request);
    admitted.addProcessed(served.processed);
    admitted.finish(served);
    return "admitted";
  } catch (error) {
    return error as { status: number; code: string; options: { headers: Record<string, string> } };
  }
}

async function admittedOf(limits: Limits, requests: readonly RateLimitedRequest[]): Promise<number> {
  const outcomes = await Promise.all(requests.map((request) => outcome(limits, request)));
  return outcomes.filter((each) => each === "admitted").length;
}

const times = (n: number, request: RateLimitedRequest) => Array.from({ length: n }, () => request);

/** A shared store of which each call can fail or hang. */
function failingStore(call: () => Promise<unknown>): CounterStore {
  const change = async () => {
    await call();
    return { consumedPoints: 1, msBeforeNext: 60_000 };
  };
  const counter: RateCounter = { penalty: change, reward: change, delete: async () => undefined };
  return { isShared: true, create: () => counter };
}

describe("requests", () => {
  it("are admitted up to the quota of each tenant, concurrent ones too", async () => {
    const limits = createRateLimits({ requests: { minute: 5 } });
    expect(await admittedOf(limits, times(20, tenant("a")))).toBe(5);
    expect(await admittedOf(limits, times(5, tenant("b")))).toBe(5);
  });

  it("over the limit get a 429 with the headers of the draft", async () => {
    const limits = createRateLimits({ requests: { minute: 2, day: 100 } });
    await admittedOf(limits, times(2, tenant("a")));
    vi.advanceTimersByTime(20_000);
    const refused = await outcome(limits, tenant("a"));
    expect(refused).toMatchObject({ status: 429, code: "EVT_RATE_LIMITED" });
    expect(refused).toHaveProperty("options.headers", {
      "RateLimit-Policy": '"requests-minute";q=2;w=60, "requests-day";q=100;w=86400',
      RateLimit: '"requests-minute";r=0;t=40, "requests-day";r=98;t=86380',
      "Retry-After": "40",
    });
  });

  it("are admitted again when the window has ended, and not a millisecond earlier", async () => {
    const limits = createRateLimits({ requests: { minute: 1 } });
    expect(await outcome(limits, tenant("a"))).toBe("admitted");
    vi.advanceTimersByTime(59_999);
    const late = await outcome(limits, tenant("a"));
    expect(late).toHaveProperty("options.headers.Retry-After", "1");
    vi.advanceTimersByTime(1);
    expect(await outcome(limits, tenant("a"))).toBe("admitted");
  });

  it("use the quota of the day only if the quota of the minute has room", async () => {
    const limits = createRateLimits({ requests: { minute: 2, day: 3 } });
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(2);
    vi.advanceTimersByTime(60_000);
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(1);
    vi.advanceTimersByTime(60_000);
    const refused = await outcome(limits, tenant("a"));
    expect(refused).toHaveProperty("options.headers.Retry-After", String(86_400 - 120));
  });

  it("that got a 503 use nothing", async () => {
    const limits = createRateLimits({ requests: { minute: 2 } });
    for (let i = 0; i < 9; i++)
      expect(await outcome(limits, tenant("a"), { processed: 0, unavailable: true })).toBe("admitted");
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(2);
  });

  it("give nothing back to a later window", async () => {
    const limits = createRateLimits({ requests: { minute: 2 } });
    const admitted = await Promise.all(times(2, tenant("a")).map((request) => limits.admit(request)));
    vi.advanceTimersByTime(60_000);
    for (const each of admitted) each.finish({ unavailable: true });
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(2);
  });

  it("over the limit do not call the store", async () => {
    const store = memoryCounters();
    const penalty = vi.fn();
    const counted: CounterStore = {
      ...store,
      create: (policy) => {
        const counter = store.create(policy);
        return {
          penalty: (key, points) => {
            penalty();
            return counter.penalty(key, points);
          },
          reward: (key, points) => counter.reward(key, points),
          delete: (key) => counter.delete(key),
        };
      },
    };
    const limits = createRateLimits({ requests: { minute: 1 }, store: counted });
    await outcome(limits, tenant("a"));
    expect(await admittedOf(limits, times(1_000, tenant("a")))).toBe(0);
    expect(penalty).toHaveBeenCalledTimes(1);
  });
});

describe("events", () => {
  it("use the budget only if they were processed", async () => {
    const limits = createRateLimits({ events: { minute: 10 } });
    expect(await outcome(limits, tenant("a", true), { processed: 9, unavailable: false })).toBe("admitted");
    for (let i = 0; i < 9; i++)
      expect(await outcome(limits, tenant("a", true), { processed: 0, unavailable: true })).toBe("admitted");
    expect(await outcome(limits, tenant("a", true), { processed: 5, unavailable: false })).toBe("admitted");
    expect(await outcome(limits, tenant("a", true))).toMatchObject({ status: 429 });
  });

  it("over the limit do not stop requests that send none", async () => {
    const limits = createRateLimits({ events: { minute: 1 } });
    await outcome(limits, tenant("a", true), { processed: 1, unavailable: false });
    expect(await outcome(limits, tenant("a", true))).toMatchObject({ status: 429 });
    expect(await outcome(limits, tenant("a"))).toBe("admitted");
  });

  it("that a refused request would send use no budget of requests", async () => {
    const limits = createRateLimits({ requests: { minute: 3 }, events: { minute: 1 } });
    await outcome(limits, tenant("a", true), { processed: 1, unavailable: false });
    await admittedOf(limits, times(9, tenant("a", true)));
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(2);
  });
});

it("a stream has budget left until its events have used it up", async () => {
  const limits = createRateLimits({ requests: { minute: 9 }, events: { minute: 3 } });
  const stream = await limits.admit(tenant("a", true));
  stream.finish({ unavailable: false });
  stream.addProcessed(2);
  expect(stream.hasLeft()).toBe(true);
  stream.addProcessed(1);
  expect(stream.hasLeft()).toBe(false);
  expect(stream.headers()).toHaveProperty("RateLimit", expect.stringContaining('"events-minute";r=0;'));
});

describe("many addresses", () => {
  it("need bounded memory, and do not remove the budgets of tenants", async () => {
    const limits = createRateLimits({ requests: { day: 1 }, keys: 100 });
    await outcome(limits, tenant("a"));
    for (let i = 0; i < 5_000; i++) await outcome(limits, address(`10.0.${i >> 8}.${i & 255}`));
    expect(vi.getTimerCount()).toBeLessThanOrEqual(101);
    expect(await outcome(limits, tenant("a"))).toMatchObject({ status: 429 });
  });
});

it.each(["x".repeat(300), "a\0b", "é", "\ud800"])(
  "a key that a store may refuse is hashed (%j)",
  async (ip) => {
    const keys: string[] = [];
    const store = memoryCounters();
    const create: CounterStore["create"] = (policy) => {
      const counter = store.create(policy);
      const penalty = (key: string, points: number) => {
        keys.push(key);
        return counter.penalty(key, points);
      };
      return { penalty, reward: counter.reward.bind(counter), delete: counter.delete.bind(counter) };
    };
    const limits = createRateLimits({ requests: { minute: 1 }, store: { isShared: true, create } });
    expect(await outcome(limits, address(ip))).toBe("admitted");
    expect(await outcome(limits, address(ip))).toMatchObject({ status: 429 });
    expect(keys).toEqual([expect.stringMatching(/^sha256 [0-9a-f]{64}$/)]);
  },
);

describe("a store that fails", () => {
  const down = () => failingStore(() => Promise.reject(new Error("down")));

  it("is replaced by the memory of the process, and reported", async () => {
    const onError = vi.fn();
    const limits = createRateLimits({ requests: { minute: 3 }, store: down(), onError });
    expect(await admittedOf(limits, times(9, tenant("a")))).toBe(3);
    expect(onError).toHaveBeenCalledWith(new Error("down"));
  });

  it("is not asked again for a second", async () => {
    const call = vi.fn(() => Promise.reject(new Error("down")));
    const limits = createRateLimits({
      requests: { minute: 99 },
      store: failingStore(call),
      onError: () => {},
    });
    for (let i = 0; i < 9; i++) await outcome(limits, tenant("a"));
    expect(call).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    await outcome(limits, tenant("a"));
    expect(call).toHaveBeenCalledTimes(2);
  });

  it("refuses requests with 503 if whenStoreFails is refuse", async () => {
    const options = { whenStoreFails: "refuse", onError: () => {} } as const;
    const limits = createRateLimits({ requests: { minute: 3 }, store: down(), ...options });
    expect(await outcome(limits, tenant("a"))).toMatchObject({ status: 503, code: "EVT_STORE_UNAVAILABLE" });
  });

  it("counts as failed if it is too slow", async () => {
    const onError = vi.fn();
    const store = failingStore(() => new Promise(() => undefined));
    const limits = createRateLimits({ requests: { minute: 3 }, store, onError });
    const waiting = outcome(limits, tenant("a"));
    await vi.advanceTimersByTimeAsync(500);
    expect(await waiting).toBe("admitted");
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: expect.any(String) }));
  });
});

it.each([
  [{}, /needs a quota/],
  [{ requests: { minute: 0 } }, /requests\.minute is 0/],
  [{ events: { day: 1e10 } }, /events\.day is 10000000000/],
  [{ requests: { hour: 5 } }, /has no option "hour"/],
  [{ request: { minute: 5 } }, /did you mean "requests"/],
  [{ requests: { minute: 5 }, whenStoreFails: "open" }, /whenStoreFails is "open"/],
])("createRateLimits(%j) is refused", (options, message) => {
  expect(() => createRateLimits(options as never)).toThrow(message);
});
