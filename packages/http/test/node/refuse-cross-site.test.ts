import { describe, expect, it } from "vitest";
import { refuseCrossSite } from "../../src/index.js";
import { listen } from "../connection.js";
import { apiAt } from "../serve.js";

describe("refuseCrossSite", () => {
  it("applies the rule of evt's routes to the host's own routes", async () => {
    const refuse = refuseCrossSite();
    const port = await listen((req, res) => refuse(req, res, () => res.end("done")));
    const post = (headers: Record<string, string>) => apiAt(port, "").request("POST", "/any", { headers });
    expect((await post({ "Sec-Fetch-Site": "cross-site" })).body.code).toBe("EVT_CROSS_SITE");
    expect((await post({})).status).toBe(415);
    expect((await post({ "Content-Type": "application/json" })).text).toBe("done");
    expect((await apiAt(port, "").get("/any")).status).toBe(200);
  });

  it("refuses unknown options", () => {
    expect(() => refuseCrossSite({ origins: [] } as object)).toThrow('no option "origins"');
  });
});
