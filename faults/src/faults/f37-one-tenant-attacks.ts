import { setTimeout as sleep } from "node:timers/promises";
import { Child } from "@evt/programs";
import type { Fault, FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilSettled } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { sendLargest } from "../rig/during-traffic.js";
import { onRig, type Rig } from "../rig/rig.js";

const ATTACKER = new URL("../rig/attacker.ts", import.meta.url);
/** The duration of one round. Twelve rounds are a minute. */
const ATTACK_MS = 5_000;
const CALM_MS = 5_000;
const MAX_TIMES_CALM = 5;
const MAX_LIVE_MS = 100;
/**
 * Times are checked only in runs with at least this many rounds, which take a minute. In a shorter run, one pause of the
 * machine can decide the 99th percentile.
 */
const JUDGED_ROUNDS = 12;
const MAX_GROWTH_MB = 150;
const LARGEST = 5;

export const oneTenantAttacks: Fault = {
  name: "F37",
  title: "one tenant attacks: twins of a large event, large pages, slow readers, heavy lists, held bodies",
  rounds: { full: 12, short: 1 },
  run: (context) => onRig({}, (rig) => attacked(rig, context)),
};

async function attacked(rig: Rig, { rounds }: FaultContext): Promise<Figures> {
  const tally = new Tally();
  for (let i = 0; i < LARGEST; i++) await sendLargest(rig, i);
  await neighbour(rig, tally, "warm", CALM_MS);
  const calm = await neighbour(rig, tally, "calm", CALM_MS);
  const idle = (await rig.server.memory()).now;
  const attacker = await Child.of(ATTACKER, { url: rig.server.url, tenantId: "attacker" });
  await attacker.message();
  attacker.send("begin");
  const during = await neighbour(rig, tally, "neighbour", rounds * ATTACK_MS);
  attacker.send("end");
  const attacks = await attacker.message<string>();
  await attacker.end();
  const { peak } = await rig.server.memory();
  const [p99, calmP99] = [quantile(during.ms, 0.99), quantile(calm.ms, 0.99)];
  tally.notes.push(
    `p99 ${p99} ms, calm ${calmP99} ms; live ${Math.max(...during.liveMs)} ms at most, calm ${Math.max(...calm.liveMs)} ms; idle ${Math.round(idle)} MiB, peak ${Math.round(peak)} MiB; ${during.backends} connections; ${attacks}`,
  );
  tally.expect(during.again === 0, `${during.again} events of the neighbour had to be sent again`);
  if (rounds >= JUDGED_ROUNDS) {
    tally.expect(
      p99 <= MAX_TIMES_CALM * calmP99,
      `the neighbour's p99 is ${p99} ms; without the attack it is ${calmP99} ms`,
    );
    const slowest = Math.max(...during.liveMs);
    tally.expect(slowest <= MAX_LIVE_MS, `a request for /live took ${slowest} ms`);
  }
  tally.expect(
    during.backends <= MAX_CONNECTIONS,
    `the server had ${during.backends} connections to Postgres; its pool has ${MAX_CONNECTIONS}`,
  );
  tally.expect(peak - idle <= MAX_GROWTH_MB, `memory grew by ${Math.round(peak - idle)} MiB over idle`);
  return tally.figures();
}

interface Seen {
  /** The duration of each response. */
  readonly ms: readonly number[];
  readonly liveMs: readonly number[];
  /** The largest number of connections from the server to Postgres. */
  readonly backends: number;
  /** The number of events that had to be sent again. */
  readonly again: number;
}

const SENDERS = 4;
const REST_MS = 20;
const LIVE_EVERY_MS = 50;
const CONNECTIONS_EVERY_MS = 200;
const CONNECTIONS = "select count(*) as n from pg_stat_activity where application_name = 'evt-faults'";
/** `max` of the server's pool. */
const MAX_CONNECTIONS = 10;

/** Sends another tenant's events for a while, then checks all of them. */
async function neighbour(rig: Rig, tally: Tally, tenantId: string, forMs: number): Promise<Seen> {
  const history = new History();
  const until = performance.now() + forMs;
  const ms: number[] = [];
  const liveMs: number[] = [];
  const target = () => ({ url: rig.server.url, tenantId });
  const sender = async () => {
    while (performance.now() < until) {
      ms.push(await timed(() => sendUntilSettled(newEvents(3, tenantId), target, history)));
      await sleep(REST_MS);
    }
  };
  const live = async () => {
    while (performance.now() < until) {
      liveMs.push(
        await timed(async () => void (await (await fetch(`${rig.server.url}/health/live`)).text())),
      );
      await sleep(LIVE_EVERY_MS);
    }
  };
  let backends = 0;
  const connections = async () => {
    while (performance.now() < until) {
      const [row] = await rig.admin(CONNECTIONS);
      backends = Math.max(backends, Number(row?.["n"]));
      await sleep(CONNECTIONS_EVERY_MS);
    }
  };
  await Promise.all([live(), connections(), ...Array.from({ length: SENDERS }, sender)]);
  await rig.check(tally, history, tenantId);
  return { ms, liveMs, backends, again: history.attempts - history.keys.size };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await work();
  return Math.round(performance.now() - since);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
