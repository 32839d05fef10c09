import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import type { Traffic } from "../history/traffic.js";
import type { Database } from "../rig/database.js";
import { onRig, type Rig } from "../rig/rig.js";

/** How long senders continue while commits wait for a stopped standby. */
const WITHOUT_STANDBY_MS = 1_200;

/**
 * What happens before the primary is killed. The rounds use these functions in turn. Each returns whether the standby
 * is still running.
 */
const BEFORE: readonly ((scene: Scene) => Promise<boolean>)[] = [
  async ({ random }) => {
    await sleep(random() * 300);
    return true;
  },
  // the crash ends the waits; afterwards the transactions are visible but not replicated
  async (scene) => {
    await withoutStandby(scene, async () => {
      await waiting(scene.rig);
      await scene.rig.database.stopAtOnce();
      await scene.rig.database.startAgain();
    });
    return false;
  },
  // a cancelled wait also ends with a COMMIT
  async (scene) => {
    await withoutStandby(scene, async () => {
      for (const began = performance.now(); performance.now() < began + WITHOUT_STANDBY_MS; ) {
        await waiting(scene.rig);
        await scene.rig.admin(
          "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'",
        );
      }
    });
    return false;
  },
];

interface Scene {
  readonly rig: Rig;
  readonly standby: Database;
  readonly traffic: Traffic;
  readonly tally: Tally;
  readonly random: () => number;
}

export const failover: Fault = {
  name: "F36",
  title: "the primary is killed, and its synchronous standby promoted",
  rounds: { full: 12, short: 3 },
  run: ({ rounds, random }) =>
    onRig({ viaProxy: true }, async (rig) => {
      const tally = new Tally();
      for (let round = 0; round < rounds; round++) {
        const standby = await synchronousStandby(rig);
        const old = rig.database;
        await rig.round(tally, async (traffic) => {
          await traffic.settled(50);
          const before = BEFORE[round % BEFORE.length] as (typeof BEFORE)[number];
          const isUp = await before({ rig, standby, traffic, tally, random });
          await old.kill();
          if (!isUp) await standby.startAgain();
          await promote(standby);
          await rig.moveTo(standby);
          return performance.now();
        });
        await old.stop();
      }
      await rig.checkAgain(tally);
      return tally.figures();
    }),
};

/** Creates a standby that every commit waits for. */
async function synchronousStandby(rig: Rig): Promise<Database> {
  const standby = await rig.database.newStandby();
  await waitsFor(rig.database, "*");
  for (;;) {
    const [row] = await rig.admin("select sync_state from pg_stat_replication").catch(() => []);
    if (row?.["sync_state"] === "sync") return standby;
    await sleep(20);
  }
}

/** Stops the standby during `work`. No event may be acknowledged while it is stopped. */
async function withoutStandby({ standby, traffic, tally }: Scene, work: () => Promise<void>): Promise<void> {
  await standby.stopAtOnce();
  const before = await quiet(traffic);
  await work();
  await sleep(WITHOUT_STANDBY_MS);
  const settled = traffic.history.settledAt.length - before;
  tally.expect(settled === 0, `${settled} definite outcomes came without a standby`);
}

const QUIET_MS = 1_000;

/**
 * Waits until there are no further outcomes, and returns the number of outcomes so far. Commits that the standby received
 * before it stopped are still acknowledged.
 */
async function quiet({ history }: Traffic): Promise<number> {
  for (let settled = history.settledAt.length; ; settled = history.settledAt.length) {
    await sleep(QUIET_MS);
    if (history.settledAt.length === settled) return settled;
  }
}

/** Resolves once a commit waits for the standby. */
async function waiting(rig: Rig): Promise<void> {
  while ((await rig.admin("select from pg_stat_activity where wait_event = 'SyncRep' limit 1")).length === 0)
    await sleep(2);
}

async function promote(standby: Database): Promise<void> {
  await as(standby, (client) => client.query("select pg_promote(true, 30)"));
  // the promoted server has no standby yet
  await waitsFor(standby, "");
}

async function waitsFor(database: Database, standbys: string): Promise<void> {
  await as(database, async (client) => {
    await client.query(`alter system set synchronous_standby_names = '${standbys}'`);
    await client.query("select pg_reload_conf()");
  });
}

async function as(database: Database, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
