import { describe, expect } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import { failing } from "../../src/testing/failing-store.js";
import { fc, test } from "../properties.js";
import { ScriptedStore } from "../scripted-store.js";

/** Few different events, so that many are equal; `ref` is not read, so it differs only in the raw event. */
const event = fc.record({
  client: fc.constant("w"),
  amount: fc.constantFrom(1, 2),
  ref: fc.constantFrom(undefined, undefined, 1, 2),
});
const batch = fc.array(event, { minLength: 1, maxLength: 6 });
/** Which part of the batch each event is sent in. */
const parts = fc.array(fc.nat(2), { minLength: 6, maxLength: 6 });

describe("a batch that is sent again in any parts after a failure", () => {
  test.prop([batch, parts, fc.constantFrom("before" as const, "after" as const), fc.boolean()])(
    "never loses an event in silence, and counts each once when it is sent whole",
    async (events, partOf, mode, keyed) => {
      const mapping = keyed ? {} : ({ identical: "ordinal" } as const);
      const evt = createEvt({ store: new ScriptedStore(), mapping });
      const options = keyed ? { idempotencyKey: "b" } : {};
      const count = async () => (await evt.tenant("t").aggregate()).rows[0]?.count ?? 0;
      const drill = evt.withStore((store) => failing(store, mode), { attempts: 1 });
      await drill.tenant("t").ingestMany(events, options);

      let doubted = 0;
      for (const part of [0, 1, 2]) {
        const sent = events.filter((_, i) => partOf[i] === part);
        doubted += (await evt.tenant("t").ingestMany(sent, options)).conflicts;
      }
      const counted = await count();
      expect(counted).toBeLessThanOrEqual(events.length);
      expect(events.length - counted, "each one that is not counted was refused").toBeLessThanOrEqual(
        doubted,
      );

      const whole = await evt.tenant("t").ingestMany(events, options);
      expect([whole.conflicts, whole.failed, await count()]).toEqual([0, 0, events.length]);
      const again = await evt.tenant("t").ingestMany(events.toReversed(), options);
      expect([again.duplicates, await count()]).toEqual([events.length, events.length]);
    },
  );
});
