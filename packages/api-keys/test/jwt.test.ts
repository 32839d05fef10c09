import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEvt } from "@evt/core";
import { createEventRouter } from "@evt/http-express";
import { MemoryStore } from "@evt/store-memory";
import express from "express";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, expect, it, type Mock, vi } from "vitest";
import { listen } from "../../http/test/connection.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

let provider: Server;
let issuer: string;
let keys: { privateKey: CryptoKey; publicKey: CryptoKey };
let onError: Mock<(error: unknown) => void>;
let ask: (token: string | null, method?: "GET" | "POST") => Promise<Response>;

beforeAll(async () => {
  keys = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", alg: "ES256" };
  provider = createServer((_req, res) => res.end(JSON.stringify({ keys: [jwk] })));
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  // the example reads it when it is loaded
  process.env.ISSUER = issuer;
});

afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

beforeEach(async () => {
  const { authenticate } = await import("./jwt-example.js");
  onError = vi.fn();
  const app = express();
  app.use(createEventRouter({ evt: createEvt({ store: new MemoryStore() }), authenticate, onError }));
  const port = await listen(app);
  ask = (token, method = "GET") =>
    fetch(`http://127.0.0.1:${port}/events`, {
      method,
      headers: {
        Connection: "close",
        "Content-Type": "application/json",
        ...(token !== null && { Authorization: `Bearer ${token}` }),
      },
      ...(method === "POST" && { body: '{"clientId":"c","amount":1,"eventId":"e"}' }),
    });
});

function token(claims: JWTPayload, { key = keys.privateKey, lifetime = "5m", kid = "one" } = {}) {
  return new SignJWT({ tenant: "t", scope: "openid read", ...claims })
    .setProtectedHeader({ alg: "ES256", kid })
    .setIssuer(claims.iss ?? issuer)
    .setAudience(claims.aud ?? "evt")
    .setExpirationTime(lifetime)
    .sign(key);
}

it("the README shows the code that this test runs", () => {
  const [, shown] = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
  expect(shown).toBe(read("./jwt-example.ts"));
});

it("a valid token has its tenant, its client and the scopes that evt knows", async () => {
  expect((await ask(await token({}))).status).toBe(200);
  const forbidden = await ask(await token({}), "POST");
  expect(await forbidden.json()).toMatchObject({ status: 403, scope: "ingest" });
  expect((await ask(await token({ scope: "ingest" }), "POST")).status).toBe(200);
  const bound = await ask(await token({ client: "other", scope: "ingest" }), "POST");
  expect(await bound.json()).toMatchObject({ results: [{ issues: [{ code: "client_id_mismatch" }] }] });
  expect((await ask(await token({ scope: "admin" }))).status).toBe(403);
  expect(onError).not.toHaveBeenCalled();
});

it("no token, and a token that is not valid, is a 401", async () => {
  const other = await generateKeyPair("ES256");
  const [header = "", payload = ""] = (await token({})).split(".");
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const hmac = `${encode({ alg: "HS256", kid: "one" })}.${payload}`;
  const secret = await exportSPKI(keys.publicKey);
  const refused = [
    null,
    "x",
    "a.b.c",
    `${header}.${payload}.`,
    `${encode({ alg: "none" })}.${payload}.`,
    `${hmac}.${createHmac("sha256", secret).update(hmac).digest("base64url")}`,
    await token({}, { key: other.privateKey }),
    await token({}, { kid: "two" }),
    await token({}, { lifetime: "-1m" }),
    await token({ iss: "https://evil.example" }),
    await token({ aud: "another service" }),
    await token({ tenant: undefined }),
    await token({ tenant: 7 }),
    await token({ client: { id: "c" } }),
  ];
  for (const each of refused) {
    const response = await ask(each);
    expect([each, response.status]).toEqual([each, 401]);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
  }
  expect(onError).not.toHaveBeenCalled();
});
