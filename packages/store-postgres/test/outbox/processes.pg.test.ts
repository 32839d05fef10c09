import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { compiled } from "@evt/programs";
import { expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { TENANT } from "../records.js";
import { until } from "../until.js";
import {
  expectCounted,
  type OutboxFixture,
  orders,
  outboxFixture,
  transaction,
  unlocked,
  waiting,
} from "./outbox-fixture.js";

const PROGRAM = await compiled(new URL("./relay-until-killed.ts", import.meta.url), "sources");
// five rounds include every point
const ROUNDS = depth(5, 25);
/** The query at which a relay kills itself; `undefined` if it is killed at any time. */
const POINTS = [undefined, "delete", undefined, "commit", undefined, "with held"];

function startRelaying(schema: string, lastQuery = ""): ChildProcess {
  return spawn(process.execPath, [PROGRAM, postgresUrl(), schema, lastQuery], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Returns true if the process was ended by the kill. */
async function killed(child: ChildProcess, afterMs: number | undefined): Promise<boolean> {
  const exited = once(child, "exit");
  await once(child.stdout as NodeJS.ReadableStream, "data");
  if (afterMs !== undefined) {
    await sleep(afterMs);
    child.kill("SIGKILL");
  }
  return (await exited)[1] === "SIGKILL";
}

async function enqueueRound(made: OutboxFixture, round: number): Promise<void> {
  const events = (from: number) => orders(100, round * 1_000 + from);
  await transaction(made, (client) => made.outbox.enqueue(client, TENANT, events(0)));
  await transaction(made, (client) => made.outbox.enqueue(client, TENANT, events(100)), "rollback");
  await transaction(made, (client) => made.outbox.enqueue(client, TENANT, events(200)));
}

it("counts each event once if relaying processes are repeatedly killed", {
  timeout: 180_000,
}, async () => {
  const made = await outboxFixture();
  let kills = 0;
  let round = 0;
  while (kills < 2 * ROUNDS && round < 3 * ROUNDS) {
    await enqueueRound(made, round);
    const deaths = [0, 1].map((n) => {
      const point = POINTS[(round + n) % POINTS.length];
      return killed(startRelaying(made.schema, point), point === undefined ? (round * 7) % 40 : undefined);
    });
    for (const died of await Promise.all(deaths)) if (died) kills++;
    round++;
  }
  expect(kills).toBeGreaterThanOrEqual(2 * ROUNDS);
  await unlocked(made);
  await made.outbox.relay();
  expect(await waiting(made)).toBe(0);
  await expectCounted(made, round * 200);
});

it("counts each event exactly once if two processes relay at the same time", async () => {
  const made = await outboxFixture();
  const holder = await made.admin.connect();
  await holder.query(`begin; lock table ${made.schema}.outbox`);
  const children = [0, 1].map(() => startRelaying(made.schema));
  const outputs = children.map((child) => text(child.stdout as NodeJS.ReadableStream));
  await made.outbox.enqueue(holder, TENANT, orders(4_000));
  const waits = "select from pg_locks where relation = $1::regclass and not granted having count(*) = 2";
  await until(made.admin, waits, [`${made.schema}.outbox`]);
  await holder.query("commit");
  holder.release();
  const [one = 0, other = 0] = (await Promise.all(outputs)).map((output) =>
    Number(output.replace("started\n", "")),
  );
  expect([one > 0, other > 0]).toEqual([true, true]);
  const { counted } = await made.outbox.relay();
  expect(one + other + counted).toBe(4_000);
  await expectCounted(made, 4_000);
});
