import { describe, expect, it } from "vitest";
import { click, purchase } from "../samples.js";
import { type Api, serve } from "../serve.js";
import type { Mount } from "./mount.js";

/** The tests of `ETag` and `If-None-Match`. */
export function describeEntityTags(mount: Mount): void {
  const paths = (id: string) => [`/events/${id}`, "/aggregation?groupBy=metric"];

  async function served(): Promise<{ readonly api: Api; readonly id: string }> {
    const api = await serve(mount);
    const { body } = await api.post(purchase);
    return { api, id: body.results[0].event.id };
  }

  describe("ETag", () => {
    it("is weak, and leads to a 304 without a body if If-None-Match has it", async () => {
      const { api, id } = await served();
      for (const path of paths(id)) {
        const { headers } = await api.get(path);
        const tag = headers.get("etag") ?? "";
        expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
        for (const sent of [tag, tag.slice(2), `"other", ${tag}`, `W/"x,y" ,${tag},""`, "*"]) {
          for (const method of ["GET", "HEAD"]) {
            const init = { headers: { "If-None-Match": sent } };
            const { status, text, headers: given } = await api.request(method, path, init);
            expect([status, text, given.get("etag")]).toEqual([304, "", tag]);
            expect(given.get("cache-control")).toBe("no-store");
            expect(given.get("content-type")).toBeNull();
          }
        }
      }
    });

    it("leads to a 200 if If-None-Match has other tags, or is malformed", async () => {
      const { api, id } = await served();
      for (const path of paths(id)) {
        const tag = (await api.get(path)).headers.get("etag") ?? "";
        for (const sent of ['"other"', `${tag.slice(0, -2)}"`, tag.slice(3, -1), '"', ""]) {
          const { status, text } = await api.get(path, { "If-None-Match": sent });
          expect(status).toBe(200);
          expect(text).not.toBe("");
        }
      }
    });

    it("of totals changes with the totals", async () => {
      const { api } = await served();
      const path = "/aggregation?groupBy=metric";
      const before = (await api.get(path)).headers.get("etag") ?? "";
      await api.post(click);
      const { status, headers } = await api.get(path, { "If-None-Match": before });
      expect(status).toBe(200);
      expect(headers.get("etag")).not.toBe(before);
    });

    it("never turns an error into a 304", async () => {
      const { api } = await served();
      for (const path of ["/events/0", "/aggregation?x=1"]) {
        const { status, headers } = await api.get(path, { "If-None-Match": "*" });
        expect(status).toBe(path === "/events/0" ? 404 : 400);
        expect(headers.get("etag")).toBeNull();
      }
    });
  });
}
