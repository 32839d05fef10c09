import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { overriding } from "../overriding.js";
import { broken, keyed } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const NDJSON = { Accept: "application/x-ndjson" };
const CSV = { Accept: "text/csv" };

function manyKeyed(count: number, from = 0): readonly unknown[] {
  return Array.from({ length: count }, (_, i) => keyed(`k${from + i}`, "1"));
}

function parsedLines(text: string) {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

export function describeExports(mount: Mount): void {
  describe("an export", () => {
    it("has all events of a filter as NDJSON, each as GET /events has it", async () => {
      const api = await serve(mount);
      await api.post(manyKeyed(1_000));
      await api.post([...manyKeyed(150, 1_000), broken]);
      const { status, headers, text } = await api.get("/events?status=processed", NDJSON);
      expect([status, headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
      const events = parsedLines(text);
      expect(new Set(events.map(({ id }) => id)).size).toBe(1_150);
      expect(events).toHaveLength(1_150);
      const page = (await api.get("/events?status=processed&limit=1000")).body.events;
      expect(events.slice(0, 1_000)).toEqual(page);
    });

    it("has all events of a filter as CSV, and no cell that is a formula", async () => {
      const api = await serve(mount);
      await api.post({ ...keyed("=k", "-1.50"), clientId: "=HYPERLINK(1)", metric: 'a,"b"' });
      await api.post(broken);
      const { headers, text } = await api.get("/events?raw=true", CSV);
      expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
      expect(headers.get("content-disposition")).toBe('attachment; filename="events.csv"');
      const [head, ...rows] = text.split("\r\n");
      expect(head).toBe(
        "id,status,clientId,metric,amount,unit,dimensions,timestamp,receivedAt,idempotencyKey,issues",
      );
      expect(rows).toHaveLength(3);
      const counted = rows.find((row) => row.includes(",processed,"));
      expect(counted).toMatch(
        /^[0-9a-f]{64},processed,'=HYPERLINK\(1\),"a,""b""",-1\.5,,,2024-01-01T00:00:00\.000Z,[^,]*,'=k,$/,
      );
      const parked = rows.find((row) => row.includes(",rejected,"));
      expect(parked).toMatch(/,rejected,client_A,purchase,,,,.*,amount_not_a_number$/);
    });

    it("has no event that is received after its begin", async () => {
      let now = Date.UTC(2026, 10, 23, 9);
      const store = new MemoryStore();
      let meanwhile: () => Promise<unknown> = async () => undefined;
      const evt = newEvt({
        runtime: { now: () => now++ },
        store: overriding(store, {
          list: async (query, options) => {
            const page = await store.list(query, options);
            await meanwhile();
            return page;
          },
        }),
      });
      const api = await serve(mount, { evt });
      for (const from of [0, 400]) await api.post(manyKeyed(400, from));
      let late = 10_000;
      meanwhile = () => evt.tenant("default").ingest(keyed(`late${late++}`, "1"));
      const ids = parsedLines((await api.get("/events?raw=false", NDJSON)).text).map(({ id }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([800, 800]);
      meanwhile = async () => undefined;
      expect((await api.get("/aggregation")).body.rows[0].count).toBeGreaterThan(800);
    });

    it("breaks off if the store fails, so that it does not look complete", async () => {
      const store = new MemoryStore();
      let left = 1;
      const failing = overriding(store, {
        list: (query, options) =>
          left-- > 0 ? store.list(query, options) : Promise.reject(new Error("the store is down")),
      });
      const api = await serve(mount, { evt: newEvt({ store: failing }), onError: () => undefined });
      await api.post(manyKeyed(600));
      await expect(api.get("/events", NDJSON)).rejects.toThrow();
      expect((await api.get("/events", NDJSON)).status).toBeGreaterThanOrEqual(500);
    });

    it("has totals as NDJSON and CSV", async () => {
      const api = await serve(mount);
      await api.post([keyed("a", "1"), { ...keyed("b", "2.5"), clientId: "-B" }]);
      const path = "/aggregation?groupBy=clientId,metric";
      const rows = (await api.get(path)).body.rows;
      const ndjson = await api.get(path, NDJSON);
      expect(ndjson.headers.get("content-type")).toBe("application/x-ndjson");
      expect(parsedLines(ndjson.text)).toEqual(rows);
      const csv = await api.get(`${path}&interval=day&startDate=2024-01-01&endDate=2024-01-01`, CSV);
      expect(csv.headers.get("content-disposition")).toBe('attachment; filename="totals.csv"');
      expect(csv.text).toBe(
        "bucket,clientId,metric,unit,count,sum,average,min,max\r\n" +
          "2024-01-01T00:00:00.000Z,'-B,purchase,,1,2.5,2.5,2.5,2.5\r\n" +
          "2024-01-01T00:00:00.000Z,client_A,purchase,,1,1,1,1,1\r\n",
      );
    });

    it.each(["limit=10", "skip=1", "cursor=x"])("refuses %s", async (parameter) => {
      const api = await serve(mount);
      const { status, body } = await api.get(`/events?${parameter}`, CSV);
      expect([status, body.code, body.parameter]).toEqual([
        400,
        "EVT_INVALID_QUERY",
        parameter.split("=")[0],
      ]);
    });

    it.each(["/events", "/aggregation"])("of another type of %s is a 406", async (path) => {
      const api = await serve(mount);
      const { status, body } = await api.get(path, { Accept: "image/png" });
      expect([status, body.code]).toEqual([406, "EVT_NOT_ACCEPTABLE"]);
      expect(body.detail).toContain("application/json, application/x-ndjson, text/csv");
    });

    it("has only headers in the response to HEAD", async () => {
      const api = await serve(mount);
      await api.post(manyKeyed(1));
      const { status, headers, text } = await api.request("HEAD", "/events", { headers: CSV });
      expect([status, headers.get("content-disposition"), text]).toEqual([
        200,
        'attachment; filename="events.csv"',
        "",
      ]);
    });
  });
}
