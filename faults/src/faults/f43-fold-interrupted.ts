import { maintain, recount } from "@evt/store-postgres";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { endingOf, interrupt, onPool, SETTINGS, slowWrites } from "../rig/interrupt.js";
import { onRig, type Rig } from "../rig/rig.js";

/** The number of rounds that share the same senders. Totals are compared with their events after each round. */
const TOGETHER = 10;
/** A slow fold takes about this long. */
const FOLD_MS = 80;
/** The day of all events. */
const DAY = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };

export const foldInterrupted: Fault = {
  name: "F43",
  title: "a backend is killed, or Postgres is stopped immediately, while it folds",
  rounds: { full: 400, short: 4 },
  run: ({ rounds, random, say }) =>
    onRig({ settings: SETTINGS }, async (rig) => {
      const tally = new Tally();
      await slowWrites(rig, "day_total");
      for (let done = 0; done < rounds; ) {
        const last = Math.min(done + TOGETHER, rounds);
        await rig.round(tally, async (traffic, tenantId) => {
          for (; done < last; done++) {
            await interrupt({
              rig,
              tally,
              random,
              fault: endingOf(done),
              work: (pool) => maintain(pool),
              isAtWork: "query like '%delete from%tally%'",
              workMs: FOLD_MS,
              prepare: () => traffic.settled(1),
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
