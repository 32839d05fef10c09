import { describe, expect, it } from "vitest";
import { purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

const app = "https://app.example.com";

/** The tests of the option `cors`. Node's fetch sends `Origin` as given, and does not apply CORS itself. */
export function describeCors(mount: Mount): void {
  const preflight = { Origin: app, "Access-Control-Request-Method": "POST" };
  const corsOf = (headers: Headers) =>
    Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

  describe("cors", () => {
    it.each([
      ["/events", "GET, HEAD, POST"],
      ["/events/0", "GET, HEAD"],
      ["/events/replay", "POST"],
    ])(
      "lets a listed origin send requests to %s after a preflight, without authentication",
      async (path, methods) => {
        const authenticate = () => null;
        const api = await serve(mount, { authenticate, cors: { origins: [app], maxAgeSeconds: 60 } });
        const asked = "content-type,x-api-key";
        const headers = { ...preflight, "Access-Control-Request-Headers": asked };
        const response = await api.request("OPTIONS", path, { headers });
        expect([response.status, response.text]).toEqual([204, ""]);
        expect(corsOf(response.headers)).toEqual({
          "access-control-allow-origin": app,
          "access-control-allow-methods": methods,
          "access-control-allow-headers": asked,
          "access-control-max-age": "60",
        });
        expect(response.headers.get("vary")).toBe("Origin, Access-Control-Request-Headers");
      },
    );

    it("lets its pages read every response, including errors", async () => {
      const api = await serve(mount, { cors: { origins: [app], credentials: true } });
      const headers = { Origin: app };
      const responses = [
        await api.post(purchase, { headers: { ...headers, "Sec-Fetch-Site": "cross-site" } }),
        await api.get("/events", headers),
        await api.get("/events?x=1", headers),
        await api.get("/events/0", headers),
        await api.get("/events/a/b/c", headers),
        await api.request("PUT", "/events", { headers }),
      ];
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 400, 404, 404, 405]);
      for (const response of responses) {
        expect(corsOf(response.headers)).toEqual({
          "access-control-allow-origin": app,
          "access-control-allow-credentials": "true",
          "access-control-expose-headers": expect.stringContaining("ETag, "),
        });
        expect(response.headers.get("vary")).toBe("Origin");
      }
    });

    it("lets its pages read a response in parts, with the headers that identify the request", async () => {
      const api = await serve(mount, { cors: { origins: [app] } });
      const headers = { Origin: app, Accept: "application/x-ndjson", "X-Request-Id": "r1" };
      const response = await api.get("/events", headers);
      expect(response.headers.get("content-type")).toContain("application/x-ndjson");
      expect(response.headers.get("access-control-allow-origin")).toBe(app);
      expect(response.headers.get("x-request-id")).toBe("r1");
      expect(response.headers.get("vary")).toContain("Origin");
    });

    it.each([
      "https://app.example.com.evil.example",
      "https://evil.example",
      "http://app.example.com",
      "https://app.example.com:8443",
      "HTTPS://APP.EXAMPLE.COM",
      "null",
    ])("gives the origin %s nothing but Vary", async (origin) => {
      const api = await serve(mount, { cors: { origins: [app], credentials: true } });
      const asked = await api.request("OPTIONS", "/events", { headers: { ...preflight, Origin: origin } });
      const read = await api.get("/events", { Origin: origin });
      for (const { headers } of [asked, read]) {
        expect(corsOf(headers)).toEqual({});
        expect(headers.get("vary")).toContain("Origin");
      }
      const headers = { Origin: origin, "Sec-Fetch-Site": "cross-site" };
      expect((await api.post(purchase, { headers })).status).toBe(403);
    });

    it("does not answer for paths of the host", async () => {
      const api = await serve(mount, { cors: { origins: [app] } });
      const { status, headers } = await api.request("OPTIONS", "/elsewhere", { headers: preflight });
      expect([status === 204, headers.get("access-control-allow-origin")]).toEqual([false, null]);
    });

    it("is off by default", async () => {
      const { headers } = await (await serve(mount)).request("OPTIONS", "/events", { headers: preflight });
      expect(corsOf(headers)).toEqual({});
      expect(headers.get("vary")).toBeNull();
    });

    it("refuses invalid options", async () => {
      const refusal = (cors: unknown) => expect(serve(mount, { cors: cors as never })).rejects;
      await refusal({}).toThrow("cors.origins is undefined; it must be an array");
      await refusal({ origins: ["*"] }).toThrow('cors.origins has "*"; give origins such as');
      await refusal({ origins: ["https://a.example/"] }).toThrow("without a path");
      await refusal({ origin: [app] }).toThrow('cors has no option "origin"; did you mean "origins"?');
      await refusal({ origins: [], credentials: "yes" }).toThrow("cors.credentials");
      await refusal({ origins: [], maxAgeSeconds: -1 }).toThrow("cors.maxAgeSeconds");
      await refusal("*").toThrow("cors takes an object of options");
    });
  });
}
