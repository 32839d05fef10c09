import { describe, expect, it } from "vitest";
import { withoutBase } from "../../src/handlers/base-path.js";

describe("withoutBase", () => {
  it.each<[string | undefined, string, string | undefined]>([
    [undefined, "/events?limit=1", "/events?limit=1"],
    ["", "/", "/"],
    ["/", "/events", "/events"],
    ["/api", "/api/events?limit=1", "/events?limit=1"],
    ["/api", "/api", "/"],
    ["/api", "/api/", "/"],
    ["/api", "/api?limit=1", "/?limit=1"],
    ["/api", "/api//events", "//events"],
    ["/api", "/apis/events", undefined],
    ["/api", "/API/events", undefined],
    ["/api", "//api/events", undefined],
    ["/api", "/other?/api/events", undefined],
    ["/a/b", "/a/b/events", "/events"],
    ["/a/b", "/a/events", undefined],
    ["/t/:tenant/api", "/t/acme/api/events", "/events"],
    ["/t/:tenant/api", "/t//api/events", undefined],
    ["/api", "http://host/api/events?x=http://y", "/events?x=http://y"],
    ["/api", "https://host", undefined],
    ["", "http://host?limit=1", "/?limit=1"],
    ["", "*", "/*"],
  ])("with the base path %j maps %j to %j", (basePath, url, rest) => {
    expect(withoutBase(basePath)(url)).toBe(rest);
  });

  it.each(["api", "/api/", "//", "/a//b", "/api?x", "/a#b", 7, null])("refuses %j", (basePath) => {
    expect(() => withoutBase(basePath)).toThrow(/^basePath is .*; it must be a path such as "\/api"$/);
  });
});
