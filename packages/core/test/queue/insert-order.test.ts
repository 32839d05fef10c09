import { describe, expect, it } from "vitest";
import { InsertOrder } from "../../src/queue/insert-order.js";
import { InsertSlots } from "../../src/queue/insert-slots.js";
import { DEFAULT_QUEUE } from "../../src/queue/queue-limits.js";
import { SlowTenants } from "../../src/queue/slow-tenants.js";
import { Ticket } from "../../src/queue/ticket.js";
import { WaitingLine } from "../../src/queue/waiting-line.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";
import { eventRecord } from "../event-record.js";

/** One call of each tenant, `fast` and `slow`, in that order. The second tenant is known to be slow. */
function start() {
  const runtime = new FakeRuntime();
  const waiting = new WaitingLine(DEFAULT_QUEUE);
  const slots = new InsertSlots(6);
  const slow = new SlowTenants(runtime);
  slow.note("slow");
  for (const tenantId of ["fast", "slow"]) waiting.add(new Ticket([eventRecord({ tenantId })]));
  return { slots, order: new InsertOrder({ runtime, waiting, slots, slow, searches: [] }) };
}

describe("the order of inserts", () => {
  it("puts a slow tenant first while no slow tenant has an insert in flight", () => {
    const { order } = start();
    expect([order.next(true)?.tenantId, order.next(true)?.tenantId]).toEqual(["slow", "fast"]);
    expect(order.isEmpty).toBe(true);
  });

  it("puts a slow tenant last while one has an insert in flight", () => {
    const { slots, order } = start();
    slots.take("another", "slow");
    expect([order.next(true)?.tenantId, order.next(true)?.tenantId]).toEqual(["fast", "slow"]);
  });
});
