import { isEvtError } from "@evt/core";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../fixture.js";
import { MOST_USES } from "../schemas.js";
import { WAYS, watched, withoutCopy } from "../watched-pool.js";
import { ANOMALIES, type Anomaly, disturbed, terminated } from "./anomalies.js";
import type { Operation } from "./operations.js";
import { type Calls, isTried } from "./tried-calls.js";

const MOST_CALLS = 400;
const MONTHS = { now: new Date("2026-03-01T12:00:00.000Z"), monthsAhead: 1 };
/** The errors that a store may throw if the database fails. */
const STORE_CALLS =
  /^(?:insert|park|replay|note|holders|get|list|aggregate|reasons|history|foldingState|ping)/;
/** The operations that send COMMIT as a separate statement. */
const COMMITTING: readonly string[] = ["migrate", "maintain", "recount", "recount with repair", "retain"];

let runs = 0;

/** Declares the tests in which one of an operation's calls to the database is disturbed: each of `calls` in turn. */
export function tryOperations(
  operations: readonly Operation[],
  calls: Calls,
  anomalies: readonly Anomaly[] = ANOMALIES,
): void {
  describe.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s",
    (name, operation) => {
      let shared: Fixture | undefined;
      const fixtureOf = async () => {
        const options = { months: MONTHS, config: { maxUses: MOST_USES } };
        if (operation.schema === "emptied") return createFixture({ ...options, reused: true });
        shared ??= await createFixture({ ...options, reused: operation.schema !== "changed" });
        return shared;
      };
      afterAll(() => shared?.dispose());
      const statementsOf = async () => {
        const made = await fixtureOf();
        const trial = await operation.prepare(made, `t_${++runs}`);
        const seen = watched(made.pool);
        const result = await trial.run(seen.pool, { signal: new AbortController().signal });
        expect(await trial.isWhole(result)).toBe(true);
        if (made !== shared) await made.dispose();
        return seen.asked;
      };

      const unhandled: unknown[] = [];
      const remember = (error: unknown) => unhandled.push(error);
      beforeEach(() => {
        unhandled.length = 0;
        process.on("unhandledRejection", remember);
      });
      afterEach(() => {
        process.off("unhandledRejection", remember);
        expect(unhandled).toEqual([]);
      });

      const isStoreCall = STORE_CALLS.test(name);
      const ways = name.startsWith("insert") ? WAYS : WAYS.slice(0, 1);
      const applicable = anomalies.filter(
        (anomaly) => anomaly !== "is rolled back instead of committed" || COMMITTING.includes(name),
      );
      it.each(applicable.flatMap((anomaly) => ways.map(([way]) => [anomaly, way] as const)))(
        "if any call %s (%s), it reports an error or a correct result, and a retry completes it",
        async (anomaly, way) => {
          const wrap =
            way === "by one statement" ? withoutCopy : (pool: Parameters<typeof withoutCopy>[0]) => pool;
          const statements = calls === "each statement" ? await statementsOf() : [];
          for (let target = 1, reached = true; reached; target++) {
            if (!isTried(calls, anomaly, target, statements)) continue;
            expect(target).toBeLessThan(MOST_CALLS);
            const made = await fixtureOf();
            const trial = await operation.prepare(made, `t_${++runs}`);
            const caller = new AbortController();
            const onHang = () =>
              new Promise<never>((_, reject) => {
                setTimeout(() => (isStoreCall ? caller.abort() : reject(terminated())), 10);
              });
            const seen = disturbed(made.pool, anomaly, target, onHang);
            const ended = await trial.run(wrap(seen.pool), { signal: caller.signal }).then(
              (result) => ({ result }),
              (error: unknown) => ({ error }),
            );
            reached = seen.happened();
            if (target === 1) expect(reached, "the anomaly did not happen").toBe(true);
            const undone = anomaly === "is rolled back instead of committed" && reached;
            if (undone) expect(ended, `call ${target} reports success`).toHaveProperty("error");
            if ("result" in ended) {
              const empty = anomaly === "returns no rows" && trial.mayBeEmpty === true;
              if (!empty)
                expect(trial.isTrue(ended.result), `call ${target}: ${JSON.stringify(ended.result)}`).toBe(
                  true,
                );
            } else if (isStoreCall && !anomaly.startsWith("returns no")) {
              const sound = anomaly.endsWith("nonsense") || isEvtError(ended.error);
              expect(sound, `call ${target}: ${String(ended.error)}`).toBe(true);
            }
            await expect.poll(() => seen.borrowed(), { interval: 5 }).toBe(0);
            const again = await trial.run(made.pool, { signal: new AbortController().signal });
            expect(await trial.isWhole(again), `after call ${target}`).toBe(true);
            if (made !== shared) await made.dispose();
          }
        },
        600_000,
      );
    },
  );
}
