import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { listen } from "../../http/test/connection.js";
import { apiAt } from "../../http/test/serve.js";
import { app } from "./readme-example.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("shows the code that is tested here", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(read("../README.md")) ?? [];
  expect(`${shown}\nexport { app };\n`).toBe(read("./readme-example.ts"));
});

it("works as it says", async () => {
  const port = await listen(app);
  const api = apiAt(port, "/api");
  const event = { metric: "purchase", amount: "1200" };
  expect((await api.post(event)).status).toBe(401);
  expect((await api.post(event, { headers: { "X-Api-Key": "revoked" } })).status).toBe(403);
  const { body } = await api.post(event, { headers: { "X-Api-Key": "s3cret" } });
  expect(body.results[0].event.clientId).toBe("client_A");
  expect((await apiAt(port, "/health").get("/ready")).status).toBe(200);
});
