import type { PgClient, PgPool, PgQuery, PgResult } from "@evt/store-postgres";
import type pg from "pg";
import { watched } from "../watched-pool.js";

/** What becomes of one call to the database. */
export type Anomaly =
  | "finds no connection"
  | "fails before it takes effect"
  | "takes effect and fails"
  | "is answered with a deadlock"
  | "waits for a connection"
  | "is never sent"
  | "is never answered"
  | "is answered with no rows"
  | "is answered with nonsense"
  | "is rolled back where it commits";

export const ANOMALIES: readonly Anomaly[] = [
  "finds no connection",
  "fails before it takes effect",
  "takes effect and fails",
  "is answered with a deadlock",
  "waits for a connection",
  "is never sent",
  "is never answered",
  "is answered with no rows",
  "is answered with nonsense",
  "is rolled back where it commits",
];

/** Those that do not befall every statement. */
const OWN_COUNT: readonly Anomaly[] = [
  "finds no connection",
  "waits for a connection",
  "is rolled back where it commits",
];

export const terminated = () => new Error("Connection terminated unexpectedly");
const deadlock = () => Object.assign(new Error("deadlock detected"), { severity: "ERROR", code: "40P01" });

export interface Disturbed {
  readonly pool: PgPool;
  /** Whether the nth call came, so that the anomaly befell it. */
  befell(): boolean;
  borrowed(): number;
}

/**
 * The pool, of whose calls the nth is befallen. Where one hangs, `onHang` is called and says how it ends: never, for a
 * caller who has a signal and must end the wait himself; or by an error, as a network at last says that the other side
 * is gone.
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
      befalls = !OWN_COUNT.includes(anomaly) && isNext();
      if (!befalls) return;
      if (anomaly === "fails before it takes effect") throw terminated();
      if (anomaly === "is answered with a deadlock") throw deadlock();
      if (anomaly === "is never sent") await onHang();
    },
    afterQuery: async () => {
      if (!befalls) return;
      if (anomaly === "takes effect and fails") throw terminated();
      if (anomaly === "is never answered") await onHang();
    },
  });
  const answer = (result: PgResult): PgResult => {
    if (!befalls) return result;
    if (anomaly === "is answered with no rows") return { ...result, rows: [] };
    if (anomaly === "is answered with nonsense") return { ...result, rows: [{ nonsense: "yes" }] };
    return result;
  };
  // what Postgres answers the COMMIT of a transaction that was aborted: no error, and nothing is there
  const insteadOf = (asked: PgQuery): PgQuery =>
    anomaly === "is rolled back where it commits" && asked.text === "commit" && isNext()
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
        return result === undefined ? result : answer(result);
      },
    });
  };
  return { pool: { ...seen.pool, connect }, befell: () => reached, borrowed: seen.borrowed };
}
