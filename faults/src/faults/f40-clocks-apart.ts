import { createEvt, type Evt, type Outcome } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { History } from "../history/history.js";
import { inRounds } from "../rig/in-rounds.js";
import type { Rig } from "../rig/rig.js";

const MINUTE_MS = 60_000;
const SKEWS_MS = [-10 * MINUTE_MS, 0, 10 * MINUTE_MS];
const EVENTS = 20;
/** The number of times that each host gets each event within the event's window. */
const SENDINGS = 2;
const WAVES = 3;

export const clocksApart: Fault = {
  name: "F40",
  title: "hosts whose clocks are ten minutes apart are sent the same events without key and time",
  rounds: { full: 60, short: 4 },
  run: (context) => {
    let hosts: readonly Host[] = [];
    return inRounds(
      context,
      {},
      async ({ rig, tally, tenantId }) => {
        const history = new History();
        for (let wave = 0; wave < WAVES; wave++) {
          await sendAtOnce(hosts, tenantId, history);
          const counted = [...history.keys.values()].length;
          const expected = EVENTS * (wave + 1);
          tally.expect(counted === expected, `${counted} events are counted instead of ${expected}`);
          await minutesPass(rig, hosts);
        }
        await rig.check(tally, history, tenantId);
      },
      async (rig) => {
        hosts = SKEWS_MS.map((skewMs) => new Host(rig, skewMs));
      },
    ).finally(() => Promise.all(hosts.map((host) => host.close())));
  },
};

/** An evt with its own clock. */
class Host {
  readonly #pool: pg.Pool;
  readonly evt: Evt;
  skewMs: number;

  constructor(rig: Rig, skewMs: number) {
    this.#pool = new pg.Pool({ connectionString: rig.database.url, max: 4 });
    this.#pool.on("error", () => undefined);
    this.skewMs = skewMs;
    const runtime = { now: () => Date.now() + this.skewMs };
    this.evt = createEvt({ store: new PostgresStore({ pool: this.#pool }), runtime });
  }

  async close(): Promise<void> {
    await this.evt.close();
    await this.#pool.end();
  }
}

/** Sends each event to all hosts at the same time, several times. */
async function sendAtOnce(hosts: readonly Host[], tenantId: string, history: History): Promise<void> {
  const events = Array.from({ length: EVENTS }, (_, n) => ({
    clientId: `client ${n % 7}`,
    metric: `metric ${n}`,
    amount: String(n),
  }));
  for (let sending = 0; sending < SENDINGS; sending++) {
    const sent = hosts.map(({ evt }) => evt.tenant(tenantId).ingestMany(events));
    for (const { outcomes } of await Promise.all(sent))
      for (const outcome of outcomes) record(history, outcome);
  }
}

/** Records an outcome under the id of the counted event, because the events have no key. */
function record(history: History, outcome: Outcome): void {
  if ((outcome.outcome !== "processed" && outcome.outcome !== "duplicate") || outcome.event === null) {
    history.unexpected.push(`an event without key and time was ${outcome.outcome}`);
    return;
  }
  const { clientId, metric, amount, timestamp } = outcome.event;
  const event = { clientId, metric, amount, timestamp, idempotencyKey: outcome.id };
  history.willSend(event);
  history.record(event, outcome.outcome);
}

/** Moves every clock by six minutes. For Postgres's clock, moves the stored times instead. */
async function minutesPass(rig: Rig, hosts: readonly Host[]): Promise<void> {
  for (const host of hosts) host.skewMs += 6 * MINUTE_MS;
  await rig.admin("update evt.claim set lapses_at = lapses_at - interval '6 minutes'");
}
