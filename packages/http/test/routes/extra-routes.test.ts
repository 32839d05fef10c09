import { createEvt } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { expect, it } from "vitest";
import { type Caller, createEventRoutes, type ExtraRoute, Problem, type Respond } from "../../src/index.js";
import { respondTo, type SentRequest } from "../exchange.js";

interface As extends SentRequest {
  readonly caller: Caller;
}

const note: ExtraRoute = {
  path: "/notes/:id",
  scope: "admin",
  parameters: ["colour"],
  get: async ({ tenantId, clientId, id, parameters }) => ({
    status: 200,
    body: { tenantId, clientId, id, parameters },
  }),
  post: async (request) => {
    const body = await request.body();
    if (body === undefined) throw new Problem(422, "NO_NOTE", "send a note");
    return { status: 201, body: { body } };
  },
};
const admin: Caller = { tenantId: "t", clientId: "c", scopes: ["admin"] };

function served(extraRoutes: readonly ExtraRoute[], limits = {}) {
  const evt = createEvt({ store: new MemoryStore() });
  const options = { evt, authenticate: (req: As) => req.caller, extraRoutes, limits };
  const { routes, find } = createEventRoutes<As>(options, "test");
  const mine = routes.find(({ path }) => path === "/notes/:id");
  const ask = (method: "get" | "post", request: Partial<As>) =>
    respondTo(mine?.[method] as Respond<As>, { url: "/notes/7", id: "7", caller: admin, ...request });
  return { ask, mine, find };
}

it("an extra route receives the caller, the id and the parameters", async () => {
  const { ask } = served([note]);
  const { status, body } = await ask("get", { url: "/notes/7?colour=red" });
  expect([status, body]).toEqual([
    200,
    { tenantId: "t", clientId: "c", id: "7", parameters: { colour: "red" } },
  ]);
  expect((await ask("get", { caller: { tenantId: "t", scopes: ["admin"] } })).body.clientId).toBeNull();
});

it("an extra route has the checks and limits of evt's routes", async () => {
  const { ask } = served([note], { bytes: 20 });
  const refused = async (method: "get" | "post", request: Partial<As>) =>
    (await ask(method, { method: method.toUpperCase(), ...request })).body.code;
  expect(await refused("get", { caller: { tenantId: "t" } })).toBe("EVT_SCOPE_MISSING");
  expect(await refused("get", { url: "/notes/7?color=red" })).toBe("EVT_INVALID_QUERY");
  expect(await refused("get", { url: "/notes/7?colour=red&colour=blue" })).toBe("EVT_INVALID_QUERY");
  expect(await refused("post", { body: `"${"x".repeat(30)}"` })).toBe("EVT_BODY_TOO_LARGE");
  expect(await refused("post", { body: "{" })).toBe("EVT_BODY_NOT_JSON");
  expect(await refused("post", {})).toBe("NO_NOTE");
  const headers = { origin: "https://evil.example", host: "here" };
  expect(await refused("post", { body: "1", headers })).toBe("EVT_CROSS_SITE");
  const plain = { "content-type": "text/plain", "sec-fetch-site": "none" };
  expect(await refused("post", { body: "1", headers: plain })).toBe("EVT_UNSUPPORTED_MEDIA_TYPE");
});

it("an extra route reads its body as JSON", async () => {
  const { ask } = served([note]);
  const { status, body } = await ask("post", { method: "POST", body: '[{"__proto__":1}]' });
  expect([status, JSON.stringify(body)]).toEqual([201, '{"body":[{"__proto__":1}]}']);
});

it("other methods and paths under an extra route get evt's problems", async () => {
  const { mine, find } = served([{ ...note, post: undefined }]);
  const response = await respondTo(mine?.otherMethods as Respond<As>, { method: "POST", caller: admin });
  expect([response.status, response.headers.Allow]).toEqual([405, "GET, HEAD"]);
  for (const path of ["/notes", "/notes/7/x", "/NOTES/7", "/events", "/aggregation"])
    expect(find("GET", path)).toBeDefined();
  for (const path of ["/note", "/notess", "/x/notes"]) expect(find("GET", path)).toBeUndefined();
});

it.each([
  [[{ ...note, path: "/events/:id/notes" }], 'the path "/events/:id/notes"'],
  [[{ ...note, path: "/Events" }], "give an unused path"],
  [[{ ...note, path: "/notes/:noteId" }], "give an unused path"],
  [[{ ...note, path: "/.*" }], "give an unused path"],
  [[note, note], 'the path "/notes/:id"'],
  [[{ ...note, scope: "everything" as never }], 'the scope of /notes/:id is "everything"'],
  [{} as never, "it must be an array"],
])("an invalid extra route is a TypeError: %#", (routes, why) => {
  expect(() => served(routes)).toThrow(why);
});
