import assert from "node:assert/strict";
import type { Holder, Store, StoreCall, StoredEvent } from "@evt/core/store";

/**
 * Returns the outcomes of an insert or a replay with all raw events. A store may omit a raw event that differs from
 * the record's. Then the store must mark the event with `rawOmitted`, and `get` must return the raw event.
 */
export async function withLeftOutRaws<O extends Outcome>(
  outcomes: readonly O[],
  store: Store,
  call: StoreCall,
): Promise<readonly O[]> {
  if (!Array.isArray(outcomes) || !outcomes.some(isLeftOut)) return outcomes;
  return Promise.all(
    outcomes.map(async (outcome) =>
      isLeftOut(outcome) ? { ...outcome, event: await whole(outcome.event, store, call) } : outcome,
    ),
  );
}

type Outcome = { readonly outcome: string } & Partial<Holder>;

function isLeftOut<O extends Outcome>(outcome: O): outcome is O & { readonly event: StoredEvent } {
  return outcome.event?.rawOmitted === true;
}

async function whole(event: StoredEvent, store: Store, call: StoreCall): Promise<StoredEvent> {
  const { rawOmitted: _, ...shown } = event;
  assert.equal(shown.rawJson, null, "an event without its raw event has `rawJson: null`");
  const [entry] = await store.get(event.tenantId, [event.id], call);
  assert.ok(typeof entry?.rawJson === "string", "an omitted raw event is stored");
  return { ...shown, rawJson: entry.rawJson };
}
