import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import type * as Browser from "../../src/entry/browser.js";
import * as entry from "../../src/entry/browser.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

describe("@evt/core/browser", () => {
  let bundle: string;

  // for a browser, esbuild refuses every module of Node
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL("../../src/entry/browser.ts", import.meta.url))],
      platform: "browser",
      format: "iife",
      globalName: "evt",
      bundle: true,
      write: false,
      logLevel: "silent",
    });
    bundle = outputFiles[0]?.text ?? "";
  });

  it("runs without Node's globals", async () => {
    // no Buffer, no process, no timers, no crypto; TextDecoder is in every browser
    const context = createContext({ TextDecoder });
    const browser = runInContext(`${bundle}\nevt;`, context) as typeof Browser;
    const raws = [
      { client: "shop", metric: "order", amount: "1,250.50", ts: "2026-01-01T10:00:00+02:00" },
      { client: "shop", amount: 1, timestamp: new Date(0), region: "eu" },
      { client: "shop", amount: 1 },
      { client: "shop", amount: "many" },
      { specversion: "1.0", id: "1", source: "/shop", type: "order", data: { amount: 2 } },
      { specversion: "1.0", id: "2", source: "/shop", type: "order", data_base64: btoa('{"amount":2}') },
    ];
    const options = { receivedAt: "2026-01-01T00:00:00.000Z", idempotencyKey: "batch" };
    const mapping = { identity: { fields: ["region"] }, timeZone: "Europe/Berlin" };
    const there = await browser.createIdentify({ sha256, mapping })(raws, options);
    const here = await entry.createIdentify({ sha256, mapping })(raws, options);
    expect(JSON.parse(JSON.stringify(there))).toEqual(JSON.parse(JSON.stringify(here)));
    expect(here.map(({ outcome }) => outcome)).toContain("identified");
    const normalized = browser.createNormalize()({ client: "a", amount: "2.50" }, options);
    expect(normalized).toMatchObject({ outcome: "normalized", event: { amount: "2.5" } });
  });
});
