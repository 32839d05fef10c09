import { isEvtError } from "@evt/core";
import * as exported from "@evt/store-postgres";
import { PostgresStore } from "@evt/store-postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture } from "../fixture.js";
import { WAYS, withoutCopy } from "../watched-pool.js";
import { ANOMALIES, disturbed, terminated } from "./anomalies.js";
import { OPERATIONS } from "./operations.js";

const MOST_CALLS = 200;
/** What a store may answer where the database did not do its part. */
const STORE_CALLS = /^(?:insert|park|replay|note|holders|get|list|aggregate|reasons|history|ping)/;
/** What asks for a COMMIT in a statement of its own. */
const COMMITTING: readonly string[] = ["migrate", "maintain", "recount", "recount with repair", "retain"];
/** `close` and `migrations` ask nothing of the database; the outbox has a loop of its own. */
const ELSEWHERE: readonly string[] = ["close", "migrations", "createOutbox", "PostgresStore"];

it("every method of the store and every function of its upkeep is among the operations", () => {
  const methods = Object.getOwnPropertyNames(PostgresStore.prototype).filter(
    (name) => name !== "constructor",
  );
  const tried = OPERATIONS.map(({ name }) => name.split(" ")[0]);
  const untried = [...methods, ...Object.keys(exported)].filter(
    (name) => !tried.includes(name) && !ELSEWHERE.includes(name),
  );
  expect(untried).toEqual([]);
});

describe.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
  "%s",
  (name, operation) => {
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
    const befalling = ANOMALIES.filter(
      (anomaly) => anomaly !== "is rolled back where it commits" || COMMITTING.includes(name),
    );
    it.each(befalling.flatMap((anomaly) => ways.map(([way]) => [anomaly, way] as const)))(
      "whichever of its calls %s (%s), it says so or is true, and done again it is whole",
      async (anomaly, way) => {
        const wrap =
          way === "by one statement" ? withoutCopy : (pool: Parameters<typeof withoutCopy>[0]) => pool;
        for (let target = 1, reached = true; reached; target++) {
          expect(target).toBeLessThan(MOST_CALLS);
          const made = await createFixture({
            months: { now: new Date("2026-03-01T12:00:00.000Z"), monthsAhead: 1 },
          });
          const trial = await operation.prepare(made, `t_${target}`);
          const caller = new AbortController();
          const onHang = () =>
            new Promise<never>((_, reject) => {
              setTimeout(() => (isStoreCall ? caller.abort() : reject(terminated())), 10);
            });
          const seen = disturbed(made.pool, anomaly, target, onHang);
          const ended = await trial.run(wrap(seen.pool), { signal: caller.signal }).then(
            (answer) => ({ answer }),
            (error: unknown) => ({ error }),
          );
          reached = seen.befell();
          if (target === 1) expect(reached, "nothing was befallen").toBe(true);
          const undone = anomaly === "is rolled back where it commits" && reached;
          if (undone) expect(ended, `call ${target} says it is done`).toHaveProperty("error");
          if ("answer" in ended) {
            const empty = anomaly === "is answered with no rows" && trial.mayBeEmpty === true;
            if (!empty)
              expect(trial.isTrue(ended.answer), `call ${target}: ${JSON.stringify(ended.answer)}`).toBe(
                true,
              );
          } else if (isStoreCall && !anomaly.startsWith("is answered with no")) {
            const sound = anomaly.endsWith("nonsense") || isEvtError(ended.error);
            expect(sound, `call ${target}: ${String(ended.error)}`).toBe(true);
          }
          await expect.poll(() => seen.borrowed(), { timeout: 2_000 }).toBe(0);
          const again = await trial.run(made.pool, { signal: new AbortController().signal });
          expect(await trial.isWhole(again), `after call ${target}`).toBe(true);
          await made.dispose();
        }
      },
      120_000,
    );
  },
);
