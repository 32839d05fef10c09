import { createWebhooks, type Endpoint, type WebhooksOptions } from "@evt/webhooks";
import pg from "pg";
import { expect, it } from "vitest";
import { SECRET } from "./secret.js";

const pool = new pg.Pool();
const fitting: Endpoint = { name: "ops", url: "https://example.test/hook", secret: SECRET };
const made = (given: object, options: object = {}) =>
  createWebhooks({ pool, endpoints: [{ ...fitting, ...given }], ...options } as WebhooksOptions);

it("does not connect before it is started", () => {
  made({});
  expect(pool.totalCount).toBe(0);
});

it.each([
  { name: "a".repeat(40) },
  { url: "http://localhost:3000" },
  { url: "http://127.0.0.1/" },
  { url: "http://[::1]:80/" },
  { url: "http://example.test/", allowHttp: true },
  { secret: [SECRET, SECRET] },
  { digest: { everyMs: 60_000 }, statuses: ["failed"], tenants: ["acme"], raw: true, concurrency: 1 },
])("accepts %o", (given) => {
  expect(() => made(given)).not.toThrow();
});

it.each([
  [{ name: "Ops" }, "name"],
  [{ name: "" }, "name"],
  [{ url: "no url" }, "not a URL"],
  [{ url: "http://example.test/" }, "https://"],
  [{ url: "http://127.0.0.1.example.test/" }, "https://"],
  [{ url: "ftp://localhost/" }, "https://"],
  [{ url: "https://user:pass@example.test/" }, "login"],
  [{ secret: "whsec_c2hvcnQ=" }, "24 to 64 bytes"],
  [{ secret: SECRET.slice(6) }, "whsec_"],
  [{ secret: [] }, "whsec_"],
  [{ statuses: [] }, "statuses"],
  [{ statuses: ["processed"] }, "statuses"],
  [{ tenants: [] }, "tenants"],
  [{ digest: { everyMs: 0.5 } }, "everyMs"],
  [{ digest: {} }, "everyMs"],
  [{ digest: { everyMS: 1 } }, 'no option "everyMS"; did you mean "everyMs"?'],
  [{ concurrency: 0 }, "concurrency"],
  [{ uri: "https://example.test/" }, 'no option "uri"; did you mean "url"?'],
])("refuses %o", (given, message) => {
  expect(() => made(given)).toThrow(TypeError);
  expect(() => made(given)).toThrow(message);
});

it("treats an undefined option as a missing one", () => {
  const none = { schema: undefined, timeoutMs: undefined, attempts: undefined, onError: undefined };
  const endpoint: Endpoint = { ...fitting, tenants: undefined, digest: undefined, concurrency: undefined };
  expect(() => createWebhooks({ pool, endpoints: [endpoint], ...none })).not.toThrow();
});

it("throws errors that do not contain the secret", () => {
  const secret = "whsec_bm90IGEgc2VjcmV0!";
  expect(() => made({ secret })).toThrow(/^(?!.*bm90).*whsec_/);
});

it("refuses two endpoints with the same name, and a schema name that pg-boss cannot use", () => {
  expect(() => createWebhooks({ pool, endpoints: [fitting, fitting] })).toThrow(
    "two endpoints are named ops",
  );
  for (const schema of ["Evt", "a-b", "pg_x", "1a", "a".repeat(42), 'e"; drop'])
    expect(() => made({}, { schema })).toThrow("cannot have webhooks");
});

it.each(["timeoutMs", "attempts", "pollMs"])("refuses a %s of 0", (name) => {
  expect(() => made({}, { [name]: 0 })).toThrow(`${name} is 0`);
});
