import { createEvt, type Evt, type Mapping, type Store } from "@evt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TestRequest } from "../../../http/test/contract/mount.js";
import { type Api, NOW, serve } from "../../../http/test/serve.js";
import { expressMount } from "../express-mount.js";

export interface LawSubject {
  /** Makes a fresh store that is removed after the test. */
  store(): Promise<Store>;
  readonly numRuns: number;
}

/** A request: its sender, its Idempotency-Key and its events. */
interface Sent {
  readonly client: "a" | "b" | null;
  readonly key: "k1" | "k2" | null;
  readonly isBatch: boolean;
  readonly events: readonly Event[];
}

const good: Mapping = {
  fields: { amount: "cost", clientId: ["customer", "clientId"], idempotencyKey: "eventId" },
};
/** The bad mapping that refuses an event at first: it reads nothing, only some fields, or another key. */
const REFUSING: Readonly<Record<string, Mapping>> = {
  plain: {},
  otherKey: { fields: { idempotencyKey: "note" } },
  demanding: { unstamped: "reject", fields: { clientId: "origin" } },
};

type Event = Readonly<Record<string, unknown>>;

const some = (...values: unknown[]) => fc.constantFrom(undefined, undefined, ...values);
const event: fc.Arbitrary<Event> = fc
  .record({
    customer: some("a", "b"),
    clientId: some("a", "b"),
    metric: fc.constantFrom("m", "n"),
    cost: fc.constantFrom(1, 1, "1", 2, "x"),
    timestamp: some("2026-11-01T00:00:00Z", "2026-11-02"),
    eventId: some("e1", "e2"),
    note: some("n1", "n2"),
  })
  .map((members) => JSON.parse(JSON.stringify(members)) as Event);

/** An event without key and time cannot be distinguished from its twin, so it always has a header's key. */
function identified(sent: Sent): Sent {
  if (sent.key !== null) return sent;
  const events = sent.events.map((each) =>
    "eventId" in each ? each : { timestamp: "2026-11-03T00:00:00Z", ...each },
  );
  return { ...sent, events };
}

const request = (events: readonly Event[]): fc.Arbitrary<Sent> =>
  fc
    .record({
      client: fc.constantFrom("a" as const, "b" as const, null),
      key: fc.constantFrom("k1" as const, "k2" as const, null),
      isBatch: fc.boolean(),
      events: fc.array(fc.constantFrom(...events), { minLength: 1, maxLength: 5, size: "max" }),
    })
    .map((sent) => identified(sent.isBatch ? sent : { ...sent, events: sent.events.slice(0, 1) }));

/** Few different events, so that many are equal. The bad mapping counts those that are `readable`. */
const requests = fc.array(fc.tuple(event, fc.boolean()), { minLength: 1, maxLength: 3 }).chain((drawn) => {
  const events = drawn.flatMap(([{ customer, ...each }, readable]) =>
    readable
      ? [{ ...each, amount: each["cost"] }, each]
      : [customer === undefined ? each : { ...each, customer }],
  );
  return fc.array(request(events), { minLength: 1, maxLength: 5 });
});

interface Way {
  readonly refusing: string;
  /** Whether all events were counted once before they are refused. */
  readonly countedBefore: boolean;
  readonly resent: boolean;
  readonly oneByOne: boolean;
  readonly latestFirst: boolean;
}

const way: fc.Arbitrary<Way> = fc.record({
  refusing: fc.constantFrom("unknown", ...Object.keys(REFUSING)),
  countedBefore: fc.boolean(),
  resent: fc.boolean(),
  oneByOne: fc.boolean(),
  latestFirst: fc.boolean(),
});

function unreadable(sent: Sent): Sent {
  return { ...sent, events: sent.events.map(({ amount: _, ...each }) => each) };
}

/** Two senders of the same requests: the events of one are refused and replayed, those of the other counted directly. */
export function describeRefusedLaws(name: string, { store, numRuns }: LawSubject): void {
  function law(title: string, start: () => Promise<(tenantId: string) => Sender>): void {
    it(title, async () => {
      const senderOf = await start();
      let run = 0;
      const holds = async (
        drawn: readonly Sent[],
        { refusing, countedBefore, resent, oneByOne, latestFirst }: Way,
      ) => {
        const tenant = run++;
        // another mapping than the plain one would make them different events
        const sent = (refusing === "plain" ? drawn : drawn.map(unreadable)).map((each, i) => ({
          ...each,
          key: each.key && `${each.key} ${each.isBatch ? i : ""}`,
        }));
        const [refused, counted] = [senderOf(`refused ${tenant}`), senderOf(`counted ${tenant}`)];
        if (countedBefore) for (const each of sent) await refused.send(each as Sent);
        refused.choose(refusing);
        for (const each of resent ? [...sent, ...sent] : sent) await refused.send(each as Sent);
        refused.choose("good");
        await refused.replay(oneByOne, latestFirst);
        for (const each of sent) await counted.send(each as Sent);
        expect(await refused.counts()).toEqual(await counted.counts());
        for (const each of sent) await refused.send(each as Sent);
        expect(await refused.counts(), "sent again, all are known").toEqual(await counted.counts());
      };
      await fc.assert(fc.asyncProperty(requests, way, holds), { numRuns });
    });
  }

  describe(`over ${name}, a replay counts as many events as direct ingest`, () => {
    law("through the library", async () => {
      const world = await newWorld(await store());
      return (tenantId) => new LibrarySender(world, tenantId);
    });

    law("over HTTP", async () => {
      const world = await newWorld(await store());
      const authenticate = (req: TestRequest) => ({
        tenantId: req.get("X-Tenant") ?? "",
        clientId: req.get("X-Client") ?? null,
      });
      const api = await serve(expressMount(), { evt: world.evt, authenticate });
      return (tenantId) => new HttpSender(world, tenantId, api);
    });
  });
}

interface World {
  readonly evt: Evt;
  readonly mappings: Map<string, string>;
  wait(): void;
}

async function newWorld(store: Store): Promise<World> {
  let now = NOW;
  const mappings = new Map<string, string>();
  const evt = createEvt({
    store,
    runtime: { now: () => now },
    mappings: { good, ...REFUSING },
    selectMapping: (_, { tenantId }) => mappings.get(tenantId) ?? "good",
  });
  return {
    evt,
    mappings,
    wait: () => {
      now += 1_000;
    },
  };
}

/** A sender with its own tenant. */
abstract class Sender {
  readonly #world: World;
  protected readonly tenantId: string;

  constructor(world: World, tenantId: string) {
    this.#world = world;
    this.tenantId = tenantId;
  }

  choose(mapping: string): void {
    this.#world.wait();
    this.#world.mappings.set(this.tenantId, mapping);
  }

  abstract send(sent: Sent): Promise<void>;
  abstract replay(oneByOne: boolean, latestFirst: boolean): Promise<void>;

  async counts() {
    const { rows } = await this.#world.evt.tenant(this.tenantId).aggregate({ groupBy: ["clientId"] });
    return Object.fromEntries(rows.map(({ clientId, count }) => [clientId, count]));
  }
}

class LibrarySender extends Sender {
  readonly #events;

  constructor(world: World, tenantId: string) {
    super(world, tenantId);
    this.#events = world.evt.tenant(tenantId);
  }

  async send({ client, key, isBatch, events }: Sent): Promise<void> {
    await this.#events.ingestMany(events, {
      ...(client !== null && { clientId: client }),
      ...(key !== null && (isBatch ? { idempotencyKey: key } : { idempotencyKeys: [key] })),
    });
  }

  async replay(oneByOne: boolean, latestFirst: boolean): Promise<void> {
    if (!oneByOne) return void (await this.#events.replayPage({ all: true }));
    const { entries } = await this.#events.list({ status: ["rejected", "conflict", "failed"] });
    const ids = entries.map(({ id }) => id);
    for (const id of latestFirst ? ids : ids.reverse()) await this.#events.replay([id]);
  }
}

class HttpSender extends Sender {
  readonly #api: Api;

  constructor(world: World, tenantId: string, api: Api) {
    super(world, tenantId);
    this.#api = api;
  }

  async send({ client, key, isBatch, events }: Sent): Promise<void> {
    const { status } = await this.#api.post(isBatch ? events : events[0], {
      headers: {
        ...this.#headers,
        ...(client !== null && { "X-Client": client }),
        ...(key !== null && { "Idempotency-Key": `"${key}"` }),
      },
    });
    expect(status).toBeLessThan(500);
  }

  async replay(oneByOne: boolean, latestFirst: boolean): Promise<void> {
    const replayed = async (path: string) => {
      const { status } = await this.#api.request("POST", path, { headers: this.#headers });
      expect(status).toBeLessThan(500);
    };
    if (!oneByOne) return replayed("/events/replay?all=true");
    const { body } = await this.#api.get("/events?limit=1000", this.#headers);
    const parked = (body.events as { id: string; status: string }[]).filter(
      ({ status }) => status !== "processed",
    );
    for (const { id } of latestFirst ? parked : parked.reverse()) await replayed(`/events/${id}/replay`);
  }

  get #headers() {
    return { "X-Tenant": this.tenantId, "Content-Type": "application/json" };
  }
}
