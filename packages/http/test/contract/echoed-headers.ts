import { describe, expect, it } from "vitest";
import { purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** The tests of `X-Request-Id` and `traceparent`. */
export function describeEchoedHeaders(mount: Mount): void {
  describe("X-Request-Id and traceparent", () => {
    it("are in every response, including errors", async () => {
      const api = await serve(mount);
      const headers = { "X-Request-Id": "req_01:a/b+c=@.-", traceparent };
      const responses = [
        await api.post(purchase, { headers }),
        await api.get("/events", headers),
        await api.get("/events?x=1", headers),
        await api.get("/events/0", headers),
        await api.get("/aggregation", { ...headers, "If-None-Match": "*" }),
        await api.request("OPTIONS", "/events", { headers }),
        await api.request("PUT", "/events", { headers }),
      ];
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 400, 404, 304, 204, 405]);
      for (const response of responses) {
        expect(response.headers.get("x-request-id")).toBe(headers["X-Request-Id"]);
        expect(response.headers.get("traceparent")).toBe(traceparent);
      }
    });

    it("are omitted if the request does not have them", async () => {
      const { headers } = await (await serve(mount)).get("/events");
      expect([headers.get("x-request-id"), headers.get("traceparent")]).toEqual([null, null]);
    });

    it.each([
      ["X-Request-Id", "a b"],
      ["X-Request-Id", "a, b"],
      ["X-Request-Id", "<script>"],
      ["X-Request-Id", "\u00e9"],
      ["X-Request-Id", "x".repeat(129)],
      ["traceparent", traceparent.toUpperCase()],
      ["traceparent", `${traceparent}-00`],
      ["traceparent", "x"],
    ])("are omitted if they are not valid: %s: %j", async (name, value) => {
      const { status, headers } = await (await serve(mount)).get("/events", { [name]: value });
      expect([status, headers.get(name)]).toEqual([200, null]);
    });
  });
}
