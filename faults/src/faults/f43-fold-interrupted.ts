import { setTimeout as sleep } from "node:timers/promises";
import { maintain, recount } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import type { Traffic } from "../history/traffic.js";
import { crashBackend } from "../rig/backends.js";
import { onRig, type Rig } from "../rig/rig.js";

/** The application name of the sessions that fold slowly. */
const NAME = "evt-folds";
/** The number of rounds that share the same senders. Totals are compared with their events after each round. */
const TOGETHER = 10;
/** A slow fold takes about this long. */
const FOLD_MS = 80;
/** If this many folds in a row end before the fault, the fault does not hit folds. */
const MOST_MISSES = 50;
/** A killed process loses nothing that it has written, with or without fsync. Without fsync, Postgres restarts faster. */
const SETTINGS = { fsync: "off" };
/** The day of all events. */
const DAY = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };

async function stopPostgres({ database }: Rig): Promise<void> {
  await database.stopAtOnce();
  await database.startAgain();
}

export const foldInterrupted: Fault = {
  name: "F43",
  title: "a backend is killed, or Postgres is stopped immediately, while it folds",
  rounds: { full: 400, short: 4 },
  run: ({ rounds, random, say }) =>
    onRig({ settings: SETTINGS }, async (rig) => {
      const tally = new Tally();
      await slowFolds(rig);
      for (let done = 0; done < rounds; ) {
        const last = Math.min(done + TOGETHER, rounds);
        await rig.round(tally, async (traffic, tenantId) => {
          for (; done < last; done++) {
            await interruptFold({
              rig,
              tally,
              traffic,
              random,
              fault: done % 2 === 0 ? crashBackend : stopPostgres,
            });
            tally.recoveredAfter(await traffic.recoveredAfter(performance.now()));
            await expectExact(rig, tally, tenantId);
          }
          return null;
        });
        if (done % 100 === 0) say(`${done} folds interrupted`);
      }
      await foldRest(rig, tally);
      await rig.checkAgain(tally);
      return tally.figures();
    }),
};

/** Makes the folds of these sessions slow, so that a fault can hit each part of them: the statements and the commit. */
async function slowFolds(rig: Rig): Promise<void> {
  await rig.admin(`create function evt.slow() returns trigger language plpgsql as $function$
    begin
      if current_setting('application_name') = '${NAME}' then perform pg_sleep(0.0005); end if;
      return new;
    end $function$`);
  await rig.admin(
    "create trigger slow before insert or update on evt.day_total for each row execute function evt.slow()",
  );
  await rig.admin(
    "create constraint trigger slow_commit after insert or update on evt.day_total deferrable initially deferred for each row execute function evt.slow()",
  );
}

interface Interruption {
  readonly rig: Rig;
  readonly tally: Tally;
  readonly traffic: Traffic;
  readonly random: () => number;
  readonly fault: (rig: Rig, pid: number) => Promise<void>;
}

/** Folds until the fault ends a fold. */
async function interruptFold({ rig, tally, traffic, random, fault }: Interruption): Promise<void> {
  for (let misses = 0; misses < MOST_MISSES; misses++) {
    await traffic.settled(1);
    const isInterrupted = await onPool(rig, async (pool) => {
      let result: "folded" | "interrupted" | undefined;
      const folding = maintain(pool).then(
        () => {
          result = "folded";
        },
        () => {
          result = "interrupted";
        },
      );
      const pid = await foldingBackend(rig, () => result !== undefined);
      if (pid !== null) {
        await sleep(random() * FOLD_MS);
        await fault(rig, pid);
      }
      await folding;
      return result === "interrupted";
    });
    if (isInterrupted) return;
  }
  tally.expect(false, `${MOST_MISSES} folds ended before the fault`);
}

/** Waits for a session that folds, and returns its process ID. `null`: the fold is over. */
async function foldingBackend(rig: Rig, isOver: () => boolean): Promise<number | null> {
  while (!isOver()) {
    const [backend] = await rig.admin(
      "select pid from pg_stat_activity where application_name = $1 and state = 'active' and query like '%delete from%tally%'",
      [NAME],
    );
    if (backend !== undefined) return Number(backend["pid"]);
    await sleep(1);
  }
  return null;
}

async function expectExact(rig: Rig, tally: Tally, tenantId?: string): Promise<void> {
  const { differences } = await onPool(rig, (pool) => recount(pool, { ...DAY, tenantId }));
  tally.expect(differences.length === 0, `${differences.length} totals differ from their events`);
}

/** Folds all tallies that are left. */
async function foldRest(rig: Rig, tally: Tally): Promise<void> {
  await onPool(rig, (pool) => maintain(pool));
  const [left] = await rig.admin("select count(*)::int as tallies from evt.tally");
  tally.expect(left?.["tallies"] === 0, `${left?.["tallies"]} tallies were not folded`);
  await expectExact(rig, tally);
}

async function onPool<T>({ database }: Rig, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: database.url, max: 1, application_name: NAME });
  // the fault ends the pool's connection
  pool.on("error", () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
