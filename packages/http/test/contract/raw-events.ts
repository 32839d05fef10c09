import { describe, expect, it } from "vitest";
import { keyed } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const CHARS = 1_000;

/** Returns an event with the same content and this many additional characters. */
const padded = (key: string, length: number) => ({ ...keyed(key, "1"), pad: "x".repeat(length) });

type Shown = { readonly raw: unknown; readonly rawOmitted?: boolean };

const rawChars = (events: readonly Shown[]) =>
  events.reduce((sum, { raw }) => sum + (raw === null ? 0 : JSON.stringify(raw).length), 0);

export function describeRawEvents(mount: Mount): void {
  describe("raw events in responses", () => {
    const start = () => serve(mount, { evt: newEvt({ limits: { rawChars: CHARS } }) });

    it("are omitted from the results of twins beyond the limit, and marked as omitted", async () => {
      const api = await start();
      await api.post(padded("k", 10 * CHARS));
      for (const query of ["", "?dryRun=true"]) {
        const { status, body } = await api.post(Array(60).fill(keyed("k", "1")), { query });
        expect([status, body.duplicates]).toEqual([200, 60]);
        const events: Shown[] = body.results.map((result: { event: Shown }) => result.event);
        expect(events.filter(({ raw }) => raw !== null)).toHaveLength(1);
        expect(events.filter(({ raw, rawOmitted }) => raw === null && rawOmitted === true)).toHaveLength(59);
      }
    });

    it("that were sent in the same request are all returned, even large ones", async () => {
      const api = await start();
      const sent = Array.from({ length: 5 }, (_, i) => padded(`k${i}`, CHARS));
      for (const outcome of ["processed", "duplicate"]) {
        const { body } = await api.post(sent);
        expect(body.results).toEqual(
          sent.map((raw) => expect.objectContaining({ outcome, event: expect.objectContaining({ raw }) })),
        );
      }
    });

    it("end a page that reaches the limit; a larger one is on a page of its own", async () => {
      const api = await start();
      for (let i = 0; i < 7; i++) await api.post(padded(`k${i}`, i === 3 ? 5 * CHARS : 300));
      const walked: string[] = [];
      const pages: number[] = [];
      for (let query = "?limit=7"; ; ) {
        const { body } = await api.get(`/events${query}`);
        expect(body.events.every(({ raw }: Shown) => raw !== null)).toBe(true);
        if (body.events.length > 1) expect(rawChars(body.events)).toBeLessThanOrEqual(CHARS);
        walked.push(...body.events.map(({ id }: { id: string }) => id));
        pages.push(body.events.length);
        if (body.nextCursor === null) break;
        query = `?limit=7&cursor=${body.nextCursor}`;
      }
      expect(new Set(walked).size).toBe(7);
      expect(walked).toHaveLength(7);
      expect(pages).toContain(1);
    });

    it("are omitted from a list with raw=false, which then has full pages", async () => {
      const api = await start();
      for (let i = 0; i < 4; i++) await api.post(padded(`k${i}`, CHARS));
      const { body } = await api.get("/events?raw=false");
      expect(body.nextCursor).toBeNull();
      expect(body.events).toHaveLength(4);
      for (const event of body.events) expect(event).toMatchObject({ raw: null, rawOmitted: true });
      const { status, body: problem } = await api.get("/events?raw=no");
      expect([status, problem.parameter]).toEqual([400, "raw"]);
    });

    it("that were not stored are not marked as omitted", async () => {
      const api = await serve(mount, { evt: newEvt({ raw: "drop" }) });
      await api.post(keyed("k", "1"));
      const { body } = await api.get("/events?raw=false");
      expect(body.events[0].raw).toBeNull();
      expect(body.events[0]).not.toHaveProperty("rawOmitted");
    });
  });
}
