import { makeWorkerUtils } from "graphile-worker";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import { checkedCount, onEmptyDatabase, type PeerLoad } from "./peer-load.js";

const TASK = "count_flight";

/** Measures `addJobs` with job keys. */
export function graphileWorker({ url, writers, race, batches, expected }: PeerLoad): Measure {
  return () =>
    onEmptyDatabase(url, ["graphile_worker"], async (pool) => {
      const utils = await makeWorkerUtils({ connectionString: url, maxPoolSize: writers });
      await utils.migrate();
      const rate = await eventsPerSecond(race, (job) =>
        utils.addJobs(
          (batches[job] ?? []).map(({ key, event }) => ({ identifier: TASK, payload: event, jobKey: key })),
        ),
      );
      await utils.release();
      await checkedCount(pool, "select count(*) from graphile_worker._private_jobs", expected);
      return rate;
    });
}
