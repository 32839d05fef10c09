import type { PgClient, PgPool, PgQuery, PgResult } from "@evt/store-postgres";
import type pg from "pg";
import { watched } from "../watched-pool.js";

/** A disturbance of one call to the database. */
export type Anomaly =
  | "finds no connection"
  | "fails before it takes effect"
  | "takes effect and fails"
  | "fails with a deadlock"
  | "waits for a connection"
  | "is never sent"
  | "never returns"
  | "returns no rows"
  | "returns nonsense"
  | "is rolled back instead of committed";

export const ANOMALIES: readonly Anomaly[] = [
  "finds no connection",
  "fails before it takes effect",
  "takes effect and fails",
  "fails with a deadlock",
  "waits for a connection",
  "is never sent",
  "never returns",
  "returns no rows",
  "returns nonsense",
  "is rolled back instead of committed",
];

/** The anomalies that the caller immediately notices as an error. */
export const FAILING: readonly Anomaly[] = [
  "finds no connection",
  "fails before it takes effect",
  "takes effect and fails",
  "fails with a deadlock",
];

const OWN_COUNT: readonly Anomaly[] = [
  "finds no connection",
  "waits for a connection",
  "is rolled back instead of committed",
];

/** Returns true if the anomaly affects only connecting, or only a COMMIT, and only these calls are counted. */
export function hasOwnCount(anomaly: Anomaly): boolean {
  return OWN_COUNT.includes(anomaly);
}

export const terminated = () => new Error("Connection terminated unexpectedly");
const deadlock = () => Object.assign(new Error("deadlock detected"), { severity: "ERROR", code: "40P01" });

export interface Disturbed {
  readonly pool: PgPool;
  /** Returns true if the nth call was made, so that the anomaly happened. */
  happened(): boolean;
  borrowed(): number;
}

/**
 * Wraps the pool so that the anomaly happens to its nth call. If a call hangs, `onHang` is called and decides how it
 * ends: never, if the caller's signal must end the wait; or with an error, as if the network at last reported that
 * the other side is gone.
 */
export function disturbed(
  real: pg.Pool,
  anomaly: Anomaly,
  target: number,
  onHang: () => Promise<never>,
): Disturbed {
  let calls = 0;
  let reached = false;
  const isNext = () => {
    if (++calls !== target) return false;
    reached = true;
    return true;
  };
  let befalls = false;
  const seen = watched(real, {
    beforeQuery: async () => {
      befalls = !hasOwnCount(anomaly) && isNext();
      if (!befalls) return;
      if (anomaly === "fails before it takes effect") throw terminated();
      if (anomaly === "fails with a deadlock") throw deadlock();
      if (anomaly === "is never sent") await onHang();
    },
    afterQuery: async () => {
      if (!befalls) return;
      if (anomaly === "takes effect and fails") throw terminated();
      if (anomaly === "never returns") await onHang();
    },
  });
  const changed = (result: PgResult): PgResult => {
    if (!befalls) return result;
    if (anomaly === "returns no rows") return { ...result, rows: [] };
    if (anomaly === "returns nonsense") return { ...result, rows: [{ nonsense: "yes" }] };
    return result;
  };
  // Postgres's response to the COMMIT of a failed transaction: no error, and nothing is stored
  const insteadOf = (asked: PgQuery): PgQuery =>
    anomaly === "is rolled back instead of committed" && asked.text === "commit" && isNext()
      ? { text: "rollback" }
      : asked;
  const connect = async (): Promise<PgClient> => {
    if (anomaly === "finds no connection" && isNext()) throw terminated();
    if (anomaly === "waits for a connection" && isNext()) await onHang();
    const client = await seen.pool.connect();
    const query = client.query.bind(client);
    return Object.assign(client, {
      query: async (asked: PgQuery) => {
        const result = await query(insteadOf(asked));
        return result === undefined ? result : changed(result);
      },
    });
  };
  return { pool: { ...seen.pool, connect }, happened: () => reached, borrowed: seen.borrowed };
}
