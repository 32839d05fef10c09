import { createEvt, type Outcome, type Store } from "@evt/core";
import { parseExactly } from "@evt/core/adapter";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve } from "../../../http/test/serve.js";
import { fixture } from "../../../store-postgres/test/fixture.js";
import { expressMount } from "../express-mount.js";
import { INPUTS, type Input } from "./inputs.js";

const stores: readonly [name: string, make: () => Promise<Store>][] = [
  ["memory", async () => new MemoryStore()],
  ["Postgres", async () => (await fixture({ reused: true })).store],
];

/** The members of a result that the library and the HTTP API both return. */
interface Shown {
  readonly outcome: string;
  readonly event?: unknown;
  readonly issues?: readonly { readonly code: string }[];
  readonly sameAs?: number;
  readonly differs?: readonly string[];
}

interface ShownEvent {
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  readonly receivedAt: string;
}

function line({ outcome, event, issues = [], sameAs, differs }: Shown): string {
  if (outcome === "processed") {
    const { clientId, metric, amount, timestamp, receivedAt } = event as ShownEvent;
    return `processed ${clientId} ${metric} ${amount} ${timestamp === receivedAt ? "-" : timestamp}`;
  }
  if (sameAs !== undefined) return `${outcome} of ${sameAs}`;
  if (differs !== undefined) return `${outcome} differs ${differs.join()}`;
  return [outcome, ...issues.map(({ code }) => code)].join(" ");
}

async function newEvt(make: () => Promise<Store>, { mapping = {} }: Input) {
  const evt = createEvt({ store: await make(), mapping });
  onTestFinished(() => evt.close());
  return evt;
}

describe.each(stores)("what real senders send, on %s,", (_, make) => {
  it.each(INPUTS)("by the library: $name", async (input) => {
    const events = (await newEvt(make, input)).tenant("acme");
    const shown: Outcome[] = [];
    for (const [i, body] of input.bodies.entries()) {
      const raws = [parseExactly(body)].flat();
      const headers = input.headers?.[i];
      const { clientId } = input;
      const report = await events.ingestMany(raws, {
        ...(headers && { headers }),
        ...(clientId && { clientId }),
      });
      shown.push(...report.outcomes);
    }
    expect(shown.map((each) => line(each as Shown))).toEqual(input.results);
  });

  it.each(INPUTS)("over HTTP: $name", async (input) => {
    const evt = await newEvt(make, input);
    const { clientId } = input;
    const api = await serve(expressMount(), {
      evt,
      authenticate: () => ({ tenantId: "acme", ...(clientId && { clientId }) }),
    });
    const shown: Shown[] = [];
    for (const [i, body] of input.bodies.entries()) {
      const response = await api.post(body, { headers: input.headers?.[i] ?? {} });
      shown.push(...response.body.results);
    }
    expect(shown.map(line)).toEqual(input.results);
  });
});
