import { setTimeout as sleep } from "node:timers/promises";
import { maintain, recount } from "@evt/store-postgres";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History } from "../history/history.js";
import { sendUntilSettled } from "../history/send.js";
import { newEvents, type SentEvent } from "../history/sent-event.js";
import { durationOf, endingOf, interrupt, onPool, SETTINGS, slowWrites } from "../rig/interrupt.js";
import { onRig, type Rig } from "../rig/rig.js";

/** The tenant whose months are sealed again in each round. */
const ARCHIVE = "archive";
/** So many that a month is sealed in two steps. */
const CLIENTS = 600;
const MONTHS = ["2025-01", "2025-02"];
const RANGE = { from: "2025-01-01T00:00:00Z", to: "2025-03-01T00:00:00Z", tenantId: ARCHIVE };
/** All months of the events have ended. */
const NOW = new Date("2026-03-01T00:00:00Z");
/** One row of so many is slow. */
const SLOW_OF = 32;
/** The number of rounds that share the same senders. The archive is checked after each round. */
const TOGETHER = 10;
const LATE_BATCH = 5;
const LATE_PAUSE_MS = 10;

const seal = (pool: Parameters<typeof maintain>[0]) => maintain(pool, { now: NOW, monthsAhead: 0 });

export const sealingInterrupted: Fault = {
  name: "F44",
  title: "a backend is killed, or Postgres is stopped immediately, while it seals months",
  rounds: { full: 400, short: 2 },
  run: ({ rounds, random, say }) =>
    onRig({ settings: SETTINGS }, async (rig) => {
      const tally = new Tally();
      const history = new History();
      await slowWrites(rig, "month_total", `hashtext(new.client_id) % ${SLOW_OF} = 0`);
      for (const month of MONTHS) await send(rig, history, wholeMonth(month));
      // on a busy machine, the steps take longer
      const workMs = await durationOf(rig, seal);
      const late = new LateEvents(rig, history, random);
      for (let done = 0; done < rounds; ) {
        const last = Math.min(done + TOGETHER, rounds);
        await rig.round(tally, async (traffic) => {
          for (; done < last; done++) {
            await interrupt({
              rig,
              tally,
              random,
              fault: endingOf(done),
              work: seal,
              isAtWork: "query like '%month_total%' and query not like '%delete from%tally%'",
              workMs,
              prepare: async () => {
                await late.stop();
                await checkAndUnseal(rig, tally);
                late.start();
              },
            }).catch(async (error: unknown) => {
              await late.stop();
              throw error;
            });
            tally.recoveredAfter(await traffic.recoveredAfter(performance.now()));
            await late.stop();
            await expectExact(rig, tally);
          }
          return null;
        });
        if (done % 100 === 0) say(`${done} seals interrupted`);
      }
      await onPool(rig, seal);
      await checkAndUnseal(rig, tally);
      await expectDaysExact(rig, tally);
      await rig.check(tally, history, ARCHIVE);
      await rig.checkAgain(tally);
      return tally.figures();
    }),
};

const send = (rig: Rig, history: History, events: readonly SentEvent[]) =>
  sendUntilSettled(events, () => ({ url: rig.server.url, tenantId: ARCHIVE }), history);

/** Creates an event of each client in one day of the month. */
function wholeMonth(month: string): SentEvent[] {
  return newEvents(CLIENTS, ARCHIVE).map((event, i) => ({
    ...event,
    clientId: `client ${i}`,
    timestamp: `${month}-10T12:00:00.000Z`,
  }));
}

/** Sends events of the sealed months, from `start` to `stop`. */
class LateEvents {
  readonly #rig: Rig;
  readonly #history: History;
  readonly #random: () => number;
  #sending: Promise<void> = Promise.resolve();
  #isStopped = true;

  constructor(rig: Rig, history: History, random: () => number) {
    this.#rig = rig;
    this.#history = history;
    this.#random = random;
  }

  start(): void {
    this.#isStopped = false;
    this.#sending = this.#send();
    // a failure is thrown by `stop`
    this.#sending.catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (!this.#isStopped) {
      const events = newEvents(LATE_BATCH, ARCHIVE).map((event) => lateEvent(event, this.#random));
      await send(this.#rig, this.#history, events);
      await sleep(LATE_PAUSE_MS);
    }
  }
}

function lateEvent(event: SentEvent, random: () => number): SentEvent {
  const month = MONTHS[Math.floor(random() * MONTHS.length)];
  const day = String(1 + Math.floor(random() * 28)).padStart(2, "0");
  const clientId = `client ${Math.floor(random() * CLIENTS)}`;
  return { ...event, clientId, timestamp: `${month}-${day}T00:00:00.000Z` };
}

/**
 * Does nothing until all months of the archive are sealed: sealing continues after a fault. Then checks the months, and
 * removes their totals, so that they are sealed again. No fold runs meanwhile.
 */
async function checkAndUnseal(rig: Rig, tally: Tally): Promise<void> {
  const [sealed] = await rig.admin(
    "select count(*)::int as months from evt.sealed_month where tenant_id = $1 and built_to is null",
    [ARCHIVE],
  );
  if (sealed?.["months"] !== MONTHS.length) return;
  await expectExact(rig, tally);
  await rig.admin(`select pg_advisory_xact_lock(hashtextextended('evt.fold "evt"', 0));
    delete from evt.month_total where tenant_id = '${ARCHIVE}';
    delete from evt.sealed_month where tenant_id = '${ARCHIVE}'`);
}

/** Expects that the sealed totals equal the sums of the days, and that the API's totals equal the events. */
async function expectExact(rig: Rig, tally: Tally): Promise<void> {
  const [differing] = await rig.admin(DIFFERING, [ARCHIVE]);
  tally.expect(
    differing?.["totals"] === 0,
    `${differing?.["totals"]} totals of months differ from their days`,
  );
  await expectTotals(rig, tally);
}

/** The totals of months of the clients that are sealed, compared with their days. No other client has a total. */
const DIFFERING = `
select count(*)::int as totals
  from (select client_id, month, sum(count) as count, sum(sum) as sum,
               min(coalesce(min, sum)) as min, max(coalesce(max, sum)) as max
          from evt.day_total join evt.sealed_month using (tenant_id)
         where tenant_id = $1 and per = 's' and date_trunc('month', day::timestamp)::date = month
           and (built_to is null or client_id < built_to)
         group by 1, 2) as days
  full join (select * from evt.month_total where tenant_id = $1) as stored using (client_id, month)
 where (days.count, days.sum, days.min, days.max) is distinct from (stored.count, stored.sum, stored.min, stored.max)`;

/** Expects that the API's totals by client equal the events. It reads them from sealed months. */
async function expectTotals(rig: Rig, tally: Tally): Promise<void> {
  const events = await rig.admin(
    `select client_id, count(*)::int as count, trim_scale(sum(amount))::text as sum
       from evt.event where tenant_id = $1 group by client_id order by client_id`,
    [ARCHIVE],
  );
  const counted = events.map(({ client_id: clientId, count, sum }) => `${clientId}: ${count}, ${sum}`);
  const rows = await apiTotals(rig);
  tally.expect(rows.join() === counted.join(), "totals by client differ from the events of the archive");
}

async function apiTotals({ server }: Rig): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${server.url}/api/aggregation?groupBy=clientId`, {
      headers: { "X-Tenant": ARCHIVE },
    });
    if (response.ok) {
      const { rows } = (await response.json()) as { readonly rows: readonly Record<string, unknown>[] };
      return rows.map(({ clientId, count, sum }) => `${clientId}: ${count}, ${sum}`);
    }
    await response.body?.cancel();
    // the pool may still have connections that the fault has broken
    if (attempt === 20) throw new Error(`the request for totals got ${response.status}`);
  }
}

async function expectDaysExact(rig: Rig, tally: Tally): Promise<void> {
  const { differences } = await onPool(rig, (pool) => recount(pool, RANGE));
  tally.expect(differences.length === 0, `${differences.length} totals differ from their events`);
}
