import { createEvt, type Evt, type EvtTenant, isEvtError } from "@evt/core";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "./fixture.js";
import { counted, TENANT } from "./records.js";
import { whileLocked } from "./while-locked.js";

const event = (n: number) => ({ event_id: `order-${n}`, client: "acme", amount: n });

const evtOver = ({ store }: Fixture, limits: object = {}): Evt => createEvt({ store, limits });

/** Returns the call's outcome, or its error's code. */
async function sent(events: EvtTenant, n: number): Promise<string> {
  try {
    const { outcome } = await events.ingest(event(n));
    return outcome;
  } catch (error) {
    return isEvtError(error) ? error.code : String(error);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("close during inserts", () => {
  it.each([1, 5, 20])(
    "keeps every acknowledged event and counts no refused one: %i ms after the start",
    async (ms) => {
      const made = await fixture();
      const evt = evtOver(made, { batchRecords: 20 });
      const calls: Promise<string>[] = [];
      let closing: Promise<void> | undefined;
      setTimeout(() => {
        closing = evt.close();
      }, ms);
      for (let late = 0; late < 50; ) {
        if (closing !== undefined) late++;
        calls.push(sent(evt.tenant(TENANT), calls.length));
        if (calls.length % 10 === 0) await turn();
      }
      await closing;
      // nothing runs after close
      const stored = await counted(made.store);
      const outcomes = await Promise.all(calls);
      expect(new Set(outcomes)).toEqual(new Set(["processed", "EVT_CLOSED"]));
      expect(stored).toBe(outcomes.filter((outcome) => outcome === "processed").length);

      const next = evtOver(made);
      const resent = await Promise.all(calls.map((_, n) => sent(next.tenant(TENANT), n)));
      expect(resent).toEqual(
        outcomes.map((outcome) => (outcome === "processed" ? "duplicate" : "processed")),
      );
      await next.close();
    },
  );

  it("waits for an insert that is waiting for a lock", async () => {
    const made = await fixture();
    const evt = evtOver(made);
    const calls = [sent(evt.tenant(TENANT), 0)];
    let closed = false;
    let closing: Promise<void> | undefined;
    await whileLocked(made, async () => {
      calls.push(sent(evt.tenant(TENANT), 1));
      closing = evt.close().then(() => {
        closed = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(closed).toBe(false);
    });
    await closing;
    expect(await counted(made.store)).toBe(2);
    expect(await Promise.all(calls)).toEqual(["processed", "processed"]);
  });
});

describe("overload", () => {
  it("is refused immediately while the database hangs; accepted events are counted when it continues", async () => {
    const made = await fixture();
    const limits = { batchRecords: 10, batchesInFlight: 2, waitingRecords: 30 };
    const evt = evtOver(made, limits);
    const tenant = evt.tenant(TENANT);
    const settled: string[] = [];
    let calls: Promise<string>[] = [];
    let settledWhileLocked: readonly string[] = [];
    await whileLocked(made, async () => {
      for (let n = 0; n < 200; n++) {
        calls.push(sent(tenant, n));
        void calls[n]?.then((outcome) => settled.push(outcome));
        await turn();
      }
      // read before the lock is released, because waiting events are counted afterwards
      settledWhileLocked = [...settled];
    });
    const refused = settledWhileLocked.length;
    expect(new Set(settledWhileLocked)).toEqual(new Set(["EVT_OVERLOADED"]));
    const outcomes = await Promise.all(calls);
    const accepted = outcomes.filter((outcome) => outcome === "processed").length;
    expect(refused + accepted).toBe(200);
    expect(accepted).toBeGreaterThanOrEqual(limits.waitingRecords);
    expect(accepted).toBeLessThanOrEqual(limits.waitingRecords + 2 * limits.batchRecords);
    expect(await counted(made.store)).toBe(accepted);

    calls = [];
    for (let n = 0; n < 200; n++) {
      calls.push(sent(tenant, n));
      if (n % 20 === 19) await Promise.all(calls);
    }
    expect(await Promise.all(calls)).toEqual(
      outcomes.map((outcome) => (outcome === "processed" ? "duplicate" : "processed")),
    );
    expect(await counted(made.store)).toBe(200);
    await evt.close();
  });
});
