import { connect } from "node:net";
import { text } from "node:stream/consumers";
import {
  createEvt,
  EvtError,
  type EvtOptions,
  type EvtTenant,
  type IngestReport,
  type Outcome,
  type Store,
} from "@evt/core";
import { failing } from "@evt/core/testing";
import { createEventRouter } from "@evt/http-express";
import express from "express";
import { describe, expect, it } from "vitest";
import { listen } from "../../packages/http/test/connection.js";

const event = { clientId: "a", metric: "m", amount: "1", timestamp: "2026-01-01T00:00:00Z" };
const click = { clientId: "a", metric: "click", amount: 1 };
const START = Date.parse("2026-03-01T12:00:00Z");

export interface TrapSubject {
  /** Creates a store that is removed after the test. */
  store(): Promise<Store>;
}

interface Started {
  readonly events: EvtTenant;
  readonly other: EvtTenant;
  /** Advances the clock, which does not run by itself. */
  pass(ms: number): void;
  readonly store: Store;
}

const words = ({ outcomes }: IngestReport) => outcomes.map(({ outcome }: Outcome) => outcome);

/** Tests known mistakes of event stores, each with a number. */
export function describeTraps(name: string, subject: TrapSubject): void {
  async function start(options: Partial<EvtOptions> = {}): Promise<Started> {
    const store = options.store ?? (await subject.store());
    let now = START;
    const evt = createEvt({
      ...options,
      store,
      runtime: { now: () => now, random: () => 0, ...options.runtime },
    });
    const pass = (ms: number) => {
      now += ms;
    };
    return { store, events: evt.tenant("acme"), other: evt.tenant("other"), pass };
  }

  async function serve(store: Store): Promise<string> {
    const app = express();
    const evt = createEvt({ store, retry: { attempts: 1 } });
    app.use(createEventRouter({ evt, authenticate: "open", onError: () => undefined }));
    return `http://127.0.0.1:${await listen(app)}`;
  }

  const post = async (url: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests read it as the contract writes it
    return { status: response.status, body: (await response.json()) as any };
  };

  const total = async (events: EvtTenant) => (await events.aggregate()).rows[0];

  describe(`known traps, with ${name}`, () => {
    it("trap 1: a batch of three events without keys under one Idempotency-Key header stores three", async () => {
      const url = await serve(await subject.store());
      const { body } = await post(url, JSON.stringify([click, click, click]), {
        "Idempotency-Key": '"batch-1"',
      });
      expect(body).toMatchObject({ processed: 3, duplicates: 0 });
    });

    it("trap 2: two equal keys in one batch: first processed, second duplicate", async () => {
      const { events } = await start();
      const keyed = { ...event, idempotencyKey: "k" };
      expect(words(await events.ingestMany([keyed, keyed]))).toEqual(["processed", "duplicate"]);
    });

    it("trap 3: the same key from two tenants: both stored", async () => {
      const { events, other } = await start();
      const keyed = { ...event, idempotencyKey: "k" };
      for (const tenant of [events, other]) expect((await tenant.ingest(keyed)).outcome).toBe("processed");
    });

    it("trap 4: the same key with another amount: conflict", async () => {
      const { events } = await start();
      await events.ingest({ ...event, idempotencyKey: "k" });
      expect(await events.ingest({ ...event, idempotencyKey: "k", amount: "2" })).toMatchObject({
        outcome: "conflict",
        issues: [{ code: "amount_differs" }],
      });
      expect(await total(events)).toMatchObject({ count: 1, sum: "1" });
    });

    it("trap 5: joined keys and values that contain a separator do not collide", async () => {
      const { events } = await start();
      const pairs = [
        ["a-b", "c"],
        ["a", "b-c"],
        ['a","idempotencyKey":"b', "c"],
        ["a", 'b","idempotencyKey":"c'],
        ["a b", "c"],
        ["a", "b c"],
      ];
      const raws = pairs.map(([clientId, idempotencyKey]) => ({ ...event, clientId, idempotencyKey }));
      expect((await events.ingestMany(raws)).processed).toBe(pairs.length);
    });

    it("trap 6: a missing field is not the empty string", async () => {
      const { events } = await start();
      const { metric: _, ...without } = event;
      expect(words(await events.ingestMany([without, { ...event, metric: "" }]))).toEqual([
        "processed",
        "rejected",
      ]);
    });

    it("trap 7: no hash is truncated", async () => {
      const { events } = await start();
      const outcome = await events.ingest(event);
      expect(outcome).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        event: {
          identity: expect.stringMatching(/^[0-9a-f]{64}$/),
          fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      });
    });

    it("trap 8: totals do not shrink after an event that is 40 days late and a current event", async () => {
      const { events, pass } = await start();
      const at = (ms: number) => ({ ...event, timestamp: new Date(ms).toISOString() });
      const counts = [];
      for (const ms of [START, START - 40 * 86_400_000, START + 1]) {
        await events.ingest(at(ms));
        pass(1_000);
        counts.push((await total(events))?.count);
      }
      expect(counts).toEqual([1, 2, 3]);
    });

    it("trap 9: an event that arrives right after a total was read is in the next total", async () => {
      const { events } = await start();
      for (let i = 1; i <= 20; i++) {
        await events.ingest({ ...event, idempotencyKey: String(i) });
        expect((await total(events))?.count).toBe(i);
      }
    });

    it("trap 10: of N equal concurrent events, one is processed, the others are duplicates, and none fails", async () => {
      const { events } = await start();
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => events.ingest(event)));
      const processed = outcomes.filter(({ outcome }) => outcome === "processed");
      expect([processed.length, outcomes.filter(({ outcome }) => outcome === "duplicate").length]).toEqual([
        1, 99,
      ]);
    });

    it("trap 12: amounts are exact, or rejected with a code, and never 0", async () => {
      const { events } = await start();
      const exact = ["0.1", "0.2", "1e-18", "9007199254740993"];
      for (const [i, amount] of exact.entries())
        await events.ingest({ ...event, amount, idempotencyKey: String(i) });
      expect((await total(events))?.sum).toBe("9007199254740993.300000000000000001");
      expect(await events.ingest({ ...event, amount: -0, idempotencyKey: "-0" })).toMatchObject({
        event: { amount: "0" },
      });
      for (const amount of [2 ** 53 + 2, "1e400", "١٢", "5,00", true, "NaN", Number.NaN, "", null]) {
        const outcome = await events.ingest({ ...event, amount, idempotencyKey: "bad" });
        expect(outcome, String(amount)).toMatchObject({
          outcome: "rejected",
          issues: [{ code: expect.stringMatching(/^amount_/) }],
        });
      }
    });

    it("trap 13: days may have 23 or 25 hours, zones have quarter hours, and ranges are half-open", async () => {
      const { events } = await start();
      const hour = 3_600_000;
      const count = async (timeZone: string, from: string, to: string) =>
        (await events.aggregate({ from, to, timeZone, interval: "day" })).rows.map((row) => row.count);
      const first = Date.parse("2026-03-28T00:00:00Z");
      const march = Array.from({ length: 72 }, (_, i) => ({
        ...event,
        timestamp: new Date(first + i * hour).toISOString(),
      }));
      const second = Date.parse("2026-10-24T00:00:00Z");
      const october = march.map((each, i) => ({
        ...each,
        timestamp: new Date(second + i * hour).toISOString(),
      }));
      await events.ingestMany([...march, ...october]);
      expect(await count("Europe/Berlin", "2026-03-29", "2026-03-29")).toEqual([23]);
      expect(await count("Europe/Berlin", "2026-10-25", "2026-10-25")).toEqual([25]);
      expect(await count("Asia/Kolkata", "2026-03-29", "2026-03-29")).toEqual([24]);
      const quarters = Date.parse("2026-04-03T00:00:00Z");
      const april = Array.from({ length: 288 }, (_, i) => ({
        ...event,
        timestamp: new Date(quarters + (i * hour) / 4).toISOString(),
      }));
      await events.ingestMany(april);
      // its clocks change by half an hour
      expect(await count("Australia/Lord_Howe", "2026-04-04", "2026-04-05")).toEqual([96, 98]);
      const edge = { from: "2026-03-28T01:00:00Z", to: "2026-03-28T02:00:00Z" };
      expect((await events.aggregate(edge)).rows[0]?.count).toBe(1);
    });

    it("trap 14: seconds, milliseconds and a time without a zone are read by rule, never as the current time", async () => {
      const { events } = await start();
      const times = [1_767_225_600, 1_767_225_600_000, "1767225600", "2026-01-01T00:00:00", "2026-01-01"];
      const report = await events.ingestMany(
        times.map((timestamp, i) => ({ ...event, timestamp, metric: `m${i}` })),
      );
      for (const outcome of report.outcomes)
        expect(outcome).toMatchObject({
          outcome: "processed",
          event: { timestamp: "2026-01-01T00:00:00.000Z" },
        });
      expect(await events.ingest({ ...event, timestamp: "soon" })).toMatchObject({ outcome: "rejected" });
    });

    it("trap 15: key order, case, duplicate keys, __proto__, surrogates and invalid UTF-8", async () => {
      const store = await subject.store();
      const { events } = await start({ store });
      await events.ingest(event);
      const reordered = { timestamp: event.timestamp, amount: "1", metric: "m", clientId: "a" };
      expect((await events.ingest(reordered)).outcome).toBe("duplicate");
      expect((await events.ingest({ ...event, clientId: "A" })).outcome).toBe("processed");
      const own = JSON.parse('{"__proto__":{"amount":5},"clientId":"a"}');
      expect(await events.ingest(own)).toMatchObject({
        outcome: "rejected",
        issues: [{ code: "amount_missing" }],
      });
      for (const clientId of ["\ud800", "\udfff"])
        expect((await events.ingest({ ...event, clientId })).outcome).toBe("rejected");
      const url = await serve(store);
      expect((await post(url, '{"clientId":"d","amount":1,"amount":2}')).body.results[0].event.amount).toBe(
        "2",
      );
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      socket.write(
        "POST /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n",
      );
      socket.write(Buffer.from([0xc3, 0x28]));
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    });

    it("trap 16: a rejected event does not use up its key", async () => {
      const { events } = await start();
      expect((await events.ingest({ ...event, amount: "x", idempotencyKey: "k" })).outcome).toBe("rejected");
      expect((await events.ingest({ ...event, idempotencyKey: "k" })).outcome).toBe("processed");
    });

    it("trap 17: paging while events arrive neither skips nor repeats an event", async () => {
      const { events, pass } = await start();
      const raws = Array.from({ length: 30 }, (_, i) => ({ ...event, idempotencyKey: String(i) }));
      await events.ingestMany(raws);
      const seen: (string | null)[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; cursor !== null; page++) {
        const { entries, nextCursor } = await events.list({ limit: 7, ...(cursor && { cursor }) });
        seen.push(...entries.map(({ idempotencyKey }) => idempotencyKey));
        cursor = nextCursor;
        pass(1);
        await events.ingest({ ...event, idempotencyKey: `later ${page}` });
      }
      expect(seen.filter((key) => !key?.startsWith("later")).sort()).toEqual(
        raws.map((raw) => raw.idempotencyKey).sort(),
      );
    });

    it("trap 18: if the database returns an error, the event fails, and a resend is counted", async () => {
      const store = await subject.store();
      const { events } = await start({ store });
      const down = createEvt({ store: failing(store, "before"), retry: { attempts: 1 } }).tenant("acme");
      expect(words(await down.ingestMany([event]))).toEqual(["failed"]);
      expect((await events.ingest(event)).outcome).toBe("processed");
      expect((await events.list({ status: "failed" })).entries).toEqual([]);
    });

    it("trap 19: keys k1, k1, k2 in one call: processed, duplicate, processed, with and without a lost response", async () => {
      for (const loses of [false, true]) {
        const store = await subject.store();
        let lost = !loses;
        const losing: Store = Object.assign(Object.create(store), {
          insert: async (...args: Parameters<Store["insert"]>) => {
            const outcomes = await store.insert(...args);
            if (!lost) {
              lost = true;
              throw new EvtError("EVT_STORE_UNAVAILABLE", "the response was lost");
            }
            return outcomes;
          },
          park: store.park.bind(store),
        });
        const { events } = await start({ store: losing });
        const raws = ["k1", "k1", "k2"].map((idempotencyKey) => ({ ...event, idempotencyKey }));
        expect(words(await events.ingestMany(raws))).toEqual(["processed", "duplicate", "processed"]);
        expect(lost).toBe(true);
      }
    });

    it("trap 20: a keyed event without a timestamp, resent two seconds later: duplicate, not conflict", async () => {
      const { events, pass } = await start();
      await events.ingest({ ...click, idempotencyKey: "k" });
      pass(2_000);
      expect((await events.ingest({ ...click, idempotencyKey: "k" })).outcome).toBe("duplicate");
    });

    it("trap 21: an event without a time is counted once within its window, by servers whose clocks differ, and again after it", async () => {
      const store = await subject.store();
      const [one, two] = [await start({ store }), await start({ store })];
      two.pass(1_000);
      const both = await Promise.all([one, two].map(({ events }) => events.ingest(click)));
      expect(both.map(({ outcome }) => outcome).sort()).toEqual(["duplicate", "processed"]);
      for (const { pass } of [one, two]) pass(299_000 - 1_000);
      expect((await one.events.ingest(click)).outcome).toBe("duplicate");
      one.pass(360_000);
      expect((await one.events.ingest(click)).outcome).toBe("processed");
    });

    it("trap 22: the same event from two tenants: two events, two totals", async () => {
      const { events, other } = await start();
      const [one, two] = await Promise.all([events.ingest(event), other.ingest(event)]);
      expect([one.outcome, two.outcome]).toEqual(["processed", "processed"]);
      for (const tenant of [events, other]) expect(await total(tenant)).toMatchObject({ count: 1, sum: "1" });
    });

    it("trap 23: if parking fails, the event is failed with 503, not 207; a poison record is rejected, not failed", async () => {
      const store = await subject.store();
      const withoutParking: Store = Object.assign(Object.create(store), {
        insert: store.insert.bind(store),
        park: () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "down")),
      });
      const { status, body } = await post(
        await serve(withoutParking),
        JSON.stringify([event, { clientId: "a" }]),
      );
      expect([status, body.processed, body.failed]).toEqual([503, 1, 1]);
      const poisoned: Store = Object.assign(Object.create(store), {
        insert: async (...[records, call]: Parameters<Store["insert"]>) => {
          if (records.some(({ amount }) => amount === "666"))
            throw new EvtError("EVT_RECORD_REFUSED", "poison");
          return store.insert(records, call);
        },
        park: store.park.bind(store),
      });
      const refused = await post(
        await serve(poisoned),
        JSON.stringify([
          { ...event, amount: 666 },
          { ...event, amount: 2 },
        ]),
      );
      expect([refused.status, refused.body.rejected, refused.body.processed]).toEqual([207, 1, 1]);
    });

    it("trap 25: a batch with one Idempotency-Key, resent in parts and reordered: all duplicates", async () => {
      const url = await serve(await subject.store());
      const headers = { "Idempotency-Key": '"batch-2"' };
      const batch = [click, { ...click, amount: 2 }, click, { ...click, metric: "n" }];
      expect((await post(url, JSON.stringify(batch), headers)).body.processed).toBe(4);
      for (const part of [[...batch].reverse(), batch.slice(0, 2), batch.slice(1)])
        expect((await post(url, JSON.stringify(part), headers)).body.duplicates).toBe(part.length);
    });

    it("trap 26: deep nesting and 1e400 are refused with a code, and later events are counted", async () => {
      const url = await serve(await subject.store());
      const deep = await post(url, `${"[".repeat(50_000)}${"]".repeat(50_000)}`);
      expect([deep.status, deep.body.code]).toEqual([400, "EVT_BODY_TOO_DEEP"]);
      const huge = await post(url, '{"clientId":"a","amount":1e400}');
      expect([huge.status, huge.body.results[0].issues[0].code]).toEqual([422, "amount_inexact"]);
      expect((await post(url, JSON.stringify(event))).status).toBe(200);
    });
  });
}
