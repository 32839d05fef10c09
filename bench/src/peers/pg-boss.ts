import type pg from "pg";
import PgBoss from "pg-boss";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import type { PeerLoad } from "./peer-load.js";
import { checkedCount, onEmptyDatabase } from "./peer-load.js";

const QUEUE = "flights";

/** Measures `insert` of jobs with singleton keys, into a queue that keeps one job per key. */
export function pgBoss({ url, writers, race, batches, expected }: PeerLoad): Measure {
  return () =>
    onEmptyDatabase(url, ["pgboss"], async (pool: pg.Pool) => {
      const boss = new PgBoss({ connectionString: url, max: writers, supervise: false, schedule: false });
      boss.on("error", () => undefined);
      await boss.start();
      await boss.createQueue(QUEUE, { name: QUEUE, policy: "short" });
      const rate = await eventsPerSecond(race, (job) =>
        boss.insert(
          (batches[job] ?? []).map(({ key, event }) => ({ name: QUEUE, data: event, singletonKey: key })),
        ),
      );
      await boss.stop({ graceful: false });
      await checkedCount(pool, "select count(*) from pgboss.job", expected);
      return rate;
    });
}
