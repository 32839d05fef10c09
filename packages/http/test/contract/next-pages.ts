import { describe, expect, it } from "vitest";
import { keyed } from "../samples.js";
import { type Api, serve } from "../serve.js";
import type { Mount } from "./mount.js";

/** The tests of the header `Link` of pages. */
export function describeNextPages(mount: Mount): void {
  const secret = "t%26%3Cx%3E";

  async function served(): Promise<Api> {
    const api = await serve(mount, { ignoredParameters: ["token"] }, { at: "/v1/api" });
    const events = Array.from({ length: 5 }, (_, i) => ({ ...keyed(`k${i}`, "1"), clientId: `ä&b ${i}` }));
    await api.post(events);
    return api;
  }

  describe("Link", () => {
    it.each([
      "/events?limit=2&skip=1&raw=false",
      "/events/clients?limit=2",
      "/aggregation?groupBy=clientId&limit=2",
    ])("leads from page to page of %s, until the last page, which has no Link", async (path) => {
      const api = await served();
      const base = `http://127.0.0.1:${api.port}/v1/api`;
      const seen: object[] = [];
      let url = `${base}${path}&token=${secret}`;
      for (let pages = 0; url !== "" && pages < 9; pages++) {
        const { headers, body } = await api.get(url.slice(base.length));
        const [items] = Object.values(body).filter(Array.isArray);
        seen.push(...(items as object[]));
        const link = headers.get("link");
        const expected = new URLSearchParams(path.slice(path.indexOf("?")));
        expected.delete("skip");
        expected.set("cursor", body.nextCursor);
        expect(link).toBe(body.nextCursor === null ? null : `<?${expected}>; rel="next"`);
        url = link === null ? "" : new URL(link.slice(1, link.indexOf(">")), url).href;
      }
      expect(url).toBe("");
      expect(new Set(seen.map((item) => JSON.stringify(item))).size).toBe(path.includes("skip") ? 4 : 5);
      expect(seen).toHaveLength(path.includes("skip") ? 4 : 5);
    });

    it("escapes the values of filters", async () => {
      const api = await serve(mount);
      const clientId = '"><\r\n/ä';
      await api.post([
        { ...keyed("a", "1"), metric: '"><ä' },
        { ...keyed("b", "1"), metric: '"><ä' },
      ]);
      const query = new URLSearchParams({ metric: '"><ä', limit: "1" });
      const link = (await api.get(`/events?${query}`)).headers.get("link");
      expect(link).toMatch(/^<\?metric=%22%3E%3C%C3%A4&limit=1&cursor=[\w%.-]+>; rel="next"$/);
      expect((await api.get(`/events?${new URLSearchParams({ clientId })}`)).headers.get("link")).toBeNull();
    });
  });
}
