import { forgetParked } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { fixture } from "../fixture.js";
import { counted, failureOf, patient, recordOf, TENANT } from "../records.js";

const BEFORE = "2026-03-02T00:00:00Z";

describe("forgetParked", () => {
  it("deletes resolved events and their replays, and keeps open and later events", async () => {
    const { store, admin, schema } = await fixture();
    const [resolved, open, late] = [1, 2, 3].map(() => failureOf(recordOf(), { status: "rejected" }));
    if (resolved === undefined || open === undefined || late === undefined)
      return expect.fail("three events");
    const lately = { ...late, lastAttemptAt: BEFORE };
    await store.park([resolved, open, lately], patient());
    for (const { id } of [resolved, lately])
      await store.replay([{ parkedId: id, record: recordOf() }], patient());
    expect(await forgetParked(admin, { schema, before: BEFORE })).toBe(1);
    const entries = await store.get(TENANT, [resolved.id, open.id, late.id], patient());
    expect(entries.map((entry) => entry?.id)).toEqual([undefined, open.id, late.id]);
    expect(await store.history(TENANT, resolved.id, patient())).toEqual([]);
    expect(await store.history(TENANT, late.id, patient())).toHaveLength(1);
    expect(await counted(store)).toBe(2);
  });

  it("deletes any number of open events with includeOpen", async () => {
    const { store, admin, schema } = await fixture();
    const events = Array.from({ length: 5_001 }, () => failureOf(recordOf()));
    await store.park(events, patient());
    expect(await forgetParked(admin, { schema, before: BEFORE, includeOpen: true })).toBe(5_001);
    expect(await forgetParked(admin, { schema, before: BEFORE, includeOpen: true })).toBe(0);
  });

  it("skips events that are being replayed", async () => {
    const { store, admin, schema } = await fixture();
    const event = failureOf(recordOf());
    await store.park([event], patient());
    const holder = await admin.connect();
    await holder.query(`begin; select from ${schema}.parked for update`);
    expect(await forgetParked(admin, { schema, before: BEFORE, includeOpen: true })).toBe(0);
    await holder.query("rollback");
    holder.release();
    expect(await forgetParked(admin, { schema, before: BEFORE, includeOpen: true })).toBe(1);
  });

  it("refuses invalid options", async () => {
    const { admin, schema } = await fixture();
    await expect(forgetParked(admin, { schema, before: "soon" })).rejects.toThrow('before: "soon"');
    const wrong = { schema, before: BEFORE, includeOpen: "yes" as unknown as boolean };
    await expect(forgetParked(admin, wrong)).rejects.toThrow("includeOpen is yes");
  });
});
