import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import type { MeteringEvent } from "../load/metering-load.js";
import { checkedCount, onEmptyDatabase, type PeerLoad } from "./peer-load.js";

interface FlightLanded {
  readonly type: "flight";
  readonly data: MeteringEvent & Record<string, unknown>;
}

/** Measures `appendToStream` of each batch to its own stream. */
export function emmett({ url, race, batches, expected }: PeerLoad): Measure {
  return () =>
    onEmptyDatabase(url, [], async (pool) => {
      await pool.query("drop schema public cascade; create schema public");
      const store = getPostgreSQLEventStore(url);
      const rate = await eventsPerSecond(race, (job) => {
        const events = (batches[job] ?? []).map(
          ({ event }): FlightLanded => ({ type: "flight", data: { ...event } }),
        );
        return store.appendToStream<FlightLanded>(`batch-${job}`, events);
      });
      await store.close();
      await checkedCount(pool, "select count(*) from emt_messages", expected);
      return rate;
    });
}
