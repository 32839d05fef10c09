import { describe, expect, expectTypeOf, it } from "vitest";
import type { ReplayOptions } from "../src/calls.js";
import { createEvt } from "../src/create-evt.js";
import type { Evt } from "../src/evt.js";
import type { EvtOptions } from "../src/evt-options.js";
import type { EvtTenant } from "../src/evt-tenant.js";
import { ScriptedStore } from "./scripted-store.js";

const click = { client: "web", type: "click", ts: 1_704_067_200 };
const store = new ScriptedStore();

// `npm run typecheck` holds these: an expected error that does not occur is one
describe("the names of mappings", () => {
  const evt = createEvt({ store, mappings: { clicks: { defaults: { amount: "1" } }, orders: {} } });
  const events = evt.tenant("acme");

  it("are known to the compiler", async () => {
    expectTypeOf(evt).toEqualTypeOf<Evt<"clicks" | "orders">>();
    expectTypeOf(evt.mappings).toEqualTypeOf<readonly ("clicks" | "orders")[]>();
    expect(await events.ingest(click, { mapping: "clicks" })).toMatchObject({ outcome: "processed" });
  });

  it("are checked in each call", async () => {
    // @ts-expect-error no mapping has this name
    await expect(events.ingest(click, { mapping: "clikcs" })).rejects.toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    await expect(events.ingestMany([click], { mapping: "clikcs" })).rejects.toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    await expect(events.ingestStream([click], { mapping: "clikcs" })).rejects.toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    await expect(events.preview([click], { mapping: "clikcs" })).rejects.toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    expect(() => events.prepare([click], { mapping: "clikcs" })).toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    await expect(events.replayPage({ all: true }, { mapping: "clikcs" })).rejects.toThrow(TypeError);
    // @ts-expect-error no mapping has this name
    const wrong: ReplayOptions<"clicks"> = { mapping: "clikcs" };
    await expect(events.replay([], wrong as never)).rejects.toThrow(TypeError);
  });

  it("stay known in a view of a client and over a wrapped store", async () => {
    const wrapped = evt.withStore((same) => same).tenant("acme", { clientId: "web" });
    // @ts-expect-error no mapping has this name
    await expect(wrapped.ingest(click, { mapping: "clikcs" })).rejects.toThrow(TypeError);
  });

  it("are none without mappings", async () => {
    const plain = createEvt({ store });
    expectTypeOf(plain).toEqualTypeOf<Evt<never>>();
    // @ts-expect-error there is no mapping
    await expect(plain.tenant("acme").ingest(click, { mapping: "clicks" })).rejects.toThrow(TypeError);
  });

  it("are strings for code that does not know them", async () => {
    const untyped: Evt = evt;
    const view: EvtTenant = events;
    const options: EvtOptions = { store, mappings: { clicks: {} } };
    const name: string = "clicks";
    expectTypeOf(createEvt(options)).toEqualTypeOf<Evt>();
    expect(untyped.mappings).toContain(name);
    expect(await view.preview([click], { mapping: name })).toHaveLength(1);
  });
});
