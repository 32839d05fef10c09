import { readFileSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { apiAt } from "../../http/test/serve.js";
import { app, drain } from "./readme-example.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("the README shows the code that this test runs", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? [];
  expect(`${shown}\nexport { app, drain };\n`).toBe(read("./readme-example.ts"));
});

it("the example in the README works", async () => {
  onTestFinished(() => app.close());
  const port = Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
  const api = apiAt(port, "/api");
  const event = { metric: "purchase", amount: "1200" };
  expect((await api.post(event)).status).toBe(401);
  expect((await api.post(event, { headers: { "X-Api-Key": "revoked" } })).status).toBe(403);
  const { body } = await api.post(event, { headers: { "X-Api-Key": "s3cret" } });
  expect(body.results[0].event.clientId).toBe("client_A");
  expect((await apiAt(port, "/health").get("/ready")).status).toBe(200);
  expect(app.server.headersTimeout).toBe(10_000);
  await drain.close(app.server);
  expect(app.server.listening).toBe(false);
});
