import { spawn } from "node:child_process";
import { once } from "node:events";
import { compiled } from "@evt/programs";
import { expect, it } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { receiver, SECRET } from "./receiver.js";
import { webhooksFixture } from "./webhooks-fixture.js";

const KILLS = depth(4, 20);
const PROGRAM = await compiled(new URL("./deliver-until-killed.ts", import.meta.url), "sources");

it("sends a notification for every event even if workers are repeatedly killed during deliveries", {
  timeout: 180_000,
}, async () => {
  let kill = () => {};
  let round = 0;
  // each worker is killed during its third message: before the response or just after it
  const to = await receiver((_, before) => {
    if (round === 0 || before % 3 !== 2) return 200;
    if (round % 2 === 0) kill();
    else queueMicrotask(() => setImmediate(kill));
    return round % 2 === 0 ? "hang" : 200;
  });
  const settings = { timeoutMs: 1_000, attempts: 1_000, retryDelayS: 0, pollMs: 20 };
  const endpoint = { name: "ops", url: to.url, secret: SECRET };
  const made = await webhooksFixture([endpoint], settings);
  const ids: string[] = [];
  let kills = 0;
  for (round = 1; round <= KILLS; round++) {
    ids.push(...(await made.reject(6)));
    const options = JSON.stringify({ ...settings, schema: made.schema, endpoints: [endpoint] });
    const child = spawn(process.execPath, [PROGRAM, postgresUrl(), options], { stdio: "inherit" });
    kill = () => child.kill("SIGKILL");
    const [, signal] = await once(child, "exit");
    if (signal === "SIGKILL") kills++;
  }
  round = 0;
  expect(kills).toBe(KILLS);
  expect(await made.waiting()).toBeGreaterThan(0);
  made.webhooks.start();
  const notified = () => new Set(to.accepted.map(({ message }) => message.data["id"]));
  while (notified().size < ids.length) await to.accepts(to.accepted.length + 1);
  expect([...notified()].sort()).toEqual(ids.sort());
  expect(await made.webhooks.undelivered()).toEqual([]);
  // each event always has the same message ID
  const idOf = new Map(to.received.map(({ id, message }) => [message.data["id"], id]));
  for (const { id, message } of to.received) expect(id).toBe(idOf.get(message.data["id"]));
});
