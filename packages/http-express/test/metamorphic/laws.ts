import { createEvt, type Store } from "@evt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TestRequest } from "../../../http/test/contract/mount.js";
import { NOW, serve } from "../../../http/test/serve.js";
import { expressMount } from "../express-mount.js";
import { Delivery, ENCODINGS, type EventResult, type Sent } from "./deliver.js";
import { contradictingEvents, events, type SentEvent } from "./sent-event.js";
import { type Writing, writing, written } from "./writing.js";

export interface LawSubject {
  /** Makes a fresh store that is removed after the test. */
  store(): Promise<Store>;
  readonly numRuns: number;
}

const encoding = fc.constantFrom(...ENCODINGS);
const key = fc.constantFrom(null, "order-17");
const cuts = fc.array(fc.nat({ max: 7 }), { maxLength: 4 });
const order = fc.array(fc.nat({ max: 999 }), { minLength: 8, maxLength: 8 });

/** Changes of a request that do not change its meaning. Each law compares two senders, each with its own tenant. */
export function describeLaws(name: string, { store, numRuns }: LawSubject): void {
  async function start() {
    const evt = createEvt({ store: await store(), runtime: { now: () => NOW } });
    const authenticate = (req: TestRequest) => ({ tenantId: req.get("X-Tenant") ?? "" });
    const api = await serve(expressMount(), { evt, authenticate });
    let tenants = 0;
    return (key: string | null) => new Delivery(api, `t${tenants++}`, key);
  }

  /** Two senders of the same events: one plain, and one that the law changes. */
  function law<Given extends [unknown, ...unknown[]]>(
    title: string,
    given: { [K in keyof Given]: fc.Arbitrary<Given[K]> },
    holds: (plain: Delivery, other: Delivery, ...given: Given) => Promise<void>,
  ): void {
    it(title, async () => {
      const deliver = await start();
      const property = fc.asyncProperty(key, ...given, (key, ...rest) =>
        holds(deliver(key), deliver(key), ...(rest as unknown as Given)),
      );
      await fc.assert(property, { numRuns });
    });
  }

  describe(`over ${name}, no outcome, no identity and no total depends on`, () => {
    law(
      "the order of keys, white space and escapes",
      [contradictingEvents, writing],
      async (plain, other, sent, writing) => {
        const results = await plain.send([whole(sent)]);
        expect(await other.send([whole(sent, writing)])).toEqual(results);
        expect(await other.state()).toEqual(await plain.state());
      },
    );

    law(
      "how a request is compressed",
      [contradictingEvents, encoding],
      async (plain, other, sent, encoding) => {
        const results = await plain.send([whole(sent)]);
        expect(await other.send([{ ...whole(sent), encoding }])).toEqual(results);
        expect(await other.state()).toEqual(await plain.state());
      },
    );

    law("how a batch is split or merged", [contradictingEvents, cuts], async (plain, other, sent, cuts) => {
      const together = grouped(sent);
      const results = await plain.send([whole(together.flat())]);
      expect(await other.send(split(together, cuts))).toEqual(results);
      expect(await other.state()).toEqual(await plain.state());
    });

    law("the order of events", [events, order], async (plain, other, sent, order) => {
      const results = await plain.send([whole(sent)]);
      expect(sorted(await other.send([whole(shuffled(sent, order))]))).toEqual(sorted(results));
      expect(await other.state()).toEqual(await plain.state());
    });

    law(
      "resending events, before or after, alone or with others, in any order and spelling",
      [events, cuts, order, writing, encoding],
      async (plain, other, sent, cuts, order, writing, encoding) => {
        const results = await plain.send([whole(sent)]);
        const early = split(grouped(sent), cuts).slice(0, cuts.length);
        const late = split(
          [...shuffled(sent, order)].map((each) => [each]),
          cuts,
        );
        const again = await other.send([
          ...early,
          { ...whole(shuffled(sent, order), writing), encoding },
          ...late,
        ]);
        expect(processedOf(again)).toEqual(processedOf(results));
        expect(identitiesOf(again)).toEqual(identitiesOf(results));
        expect(new Set(again.slice(-sent.length).map(({ outcome }) => outcome))).not.toContain("processed");
        expect(await other.state()).toEqual(await plain.state());
      },
    );
  });
}

function whole(events: readonly SentEvent[], writing?: Writing): Sent {
  const texts = events.map((event) =>
    writing === undefined ? JSON.stringify(event) : written(event, writing),
  );
  return { texts, encoding: "identity" };
}

/** Events that may be equal. Under one header, twins are distinguished by their order in a request. */
function grouped(events: readonly SentEvent[]): readonly (readonly SentEvent[])[] {
  const groups = new Map<unknown, SentEvent[]>();
  for (const event of events) groups.set(event.clientId, [...(groups.get(event.clientId) ?? []), event]);
  return [...groups.values()];
}

function split(groups: readonly (readonly SentEvent[])[], cuts: readonly number[]): readonly Sent[] {
  const requests: SentEvent[][] = [[]];
  for (const [i, group] of groups.entries()) {
    if (i > 0 && cuts.includes(i)) requests.push([]);
    (requests.at(-1) as SentEvent[]).push(...group);
  }
  return requests.map((events) => whole(events));
}

function shuffled(events: readonly SentEvent[], order: readonly number[]): readonly SentEvent[] {
  return events
    .map((event, i) => [order[i] as number, event] as const)
    .sort(([a], [b]) => a - b)
    .map(([, event]) => event);
}

const textOf = ({ outcome, identity }: EventResult) => `${outcome} ${identity}`;
const sorted = (results: readonly EventResult[]) => results.map(textOf).sort();
/** Each result once, even if it was returned several times. */
const identitiesOf = (results: readonly EventResult[]) =>
  [...new Set(results.map(({ identity }) => identity))].sort();
const processedOf = (results: readonly EventResult[]) =>
  sorted(results.filter(({ outcome }) => outcome === "processed"));
