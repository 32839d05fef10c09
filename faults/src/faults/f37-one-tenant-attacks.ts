import { setTimeout as sleep } from "node:timers/promises";
import { Child } from "@evt/programs";
import type { Fault, FaultContext, Figures } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilTold } from "../history/send.js";
import { newEvents } from "../history/sent-event.js";
import { sendLargest } from "../rig/beside-traffic.js";
import { onRig, type Rig } from "../rig/rig.js";

const ATTACKER = new URL("../rig/attacker.ts", import.meta.url);
/** Of one round. Twelve of them are a minute. */
const ATTACK_MS = 5_000;
const CALM_MS = 5_000;
const MOST_TIMES_CALM = 5;
const MOST_LIVE_MS = 100;
/** The times are judged over a minute. In a run of seconds, one pause of the machine is a hundredth of all requests. */
const JUDGED_ROUNDS = 12;
const MOST_GROWTH_MB = 150;
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
  attacker.tell("begin");
  const during = await neighbour(rig, tally, "neighbour", rounds * ATTACK_MS);
  attacker.tell("end");
  const told = await attacker.message<string>();
  await attacker.end();
  const { peak } = await rig.server.memory();
  const [p99, calmP99] = [quantile(during.ms, 0.99), quantile(calm.ms, 0.99)];
  tally.notes.push(
    `p99 ${p99} ms, calm ${calmP99} ms; live ${Math.max(...during.liveMs)} ms at most, calm ${Math.max(...calm.liveMs)} ms; idle ${Math.round(idle)} MiB, peak ${Math.round(peak)} MiB; ${during.backends} connections; ${told}`,
  );
  tally.expect(during.again === 0, `${during.again} events of the neighbour were not answered at once`);
  if (rounds >= JUDGED_ROUNDS) {
    tally.expect(
      p99 <= MOST_TIMES_CALM * calmP99,
      `the neighbour's p99 is ${p99} ms; calm it is ${calmP99} ms`,
    );
    const slowest = Math.max(...during.liveMs);
    tally.expect(slowest <= MOST_LIVE_MS, `live took ${slowest} ms`);
  }
  tally.expect(
    during.backends <= MOST_CONNECTIONS,
    `the server had ${during.backends} connections to Postgres; its pool has ${MOST_CONNECTIONS}`,
  );
  tally.expect(peak - idle <= MOST_GROWTH_MB, `memory grew by ${Math.round(peak - idle)} MiB over idle`);
  return tally.figures();
}

interface Seen {
  /** How long each answer took. */
  readonly ms: readonly number[];
  readonly liveMs: readonly number[];
  /** The most connections that the server had to Postgres. */
  readonly backends: number;
  /** How many events had to be sent again. */
  readonly again: number;
}

const SENDERS = 4;
const REST_MS = 20;
const LIVE_EVERY_MS = 50;
const CONNECTIONS_EVERY_MS = 200;
const CONNECTIONS = "select count(*) as n from pg_stat_activity where application_name = 'evt-faults'";
/** `max` of the server's pool. */
const MOST_CONNECTIONS = 10;

/** Another tenant sends events for a while and gets their outcomes; then all of them are checked. */
async function neighbour(rig: Rig, tally: Tally, tenantId: string, forMs: number): Promise<Seen> {
  const history = new History();
  const until = performance.now() + forMs;
  const ms: number[] = [];
  const liveMs: number[] = [];
  const target = () => ({ url: rig.server.url, tenantId });
  const sender = async () => {
    while (performance.now() < until) {
      ms.push(await timed(() => sendUntilTold(newEvents(3, tenantId), target, history)));
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
