import { createEvt, type Outcome } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { History, type ReportedOutcome } from "../history/history.js";
import { newEvents, type SentEvent } from "../history/sent-event.js";
import { onRig } from "../rig/rig.js";

const DAY_MS = 86_400_000;
const JUMPS = [DAY_MS, -DAY_MS, 50 * 365 * DAY_MS, -50 * 365 * DAY_MS, 1, -1];

export const clocksJump: Fault = {
  name: "F28",
  title: "the clock jumps a day, fifty years, backwards, between any two calls",
  rounds: { full: 100, short: 4 },
  run: ({ rounds, random }) =>
    onRig({}, async (rig) => {
      const tally = new Tally();
      const pool = new pg.Pool({ connectionString: rig.database.url, max: 4 });
      // when the database stops, closing connections may get an error
      pool.on("error", () => undefined);
      let now = Date.now();
      const jump = () => {
        now += JUMPS[Math.floor(random() * JUMPS.length)] ?? 0;
        // keeps the clock in a plausible range
        if (now < 0 || now > Date.UTC(2200, 0)) now = Date.now();
        return now;
      };
      const evt = createEvt({ store: new PostgresStore({ pool }), runtime: { now: jump } });
      for (let round = 0; round < rounds; round++) {
        const tenantId = `round ${round}`;
        const history = new History();
        const events = newEvents(20, tenantId);
        // the events are sent, and then sent again with a different clock
        for (const batch of [events, events.slice(5), [...events].reverse()])
          record(history, batch, (await evt.tenant(tenantId).ingestMany(batch)).outcomes);
        await rig.check(tally, history, tenantId);
      }
      await evt.close();
      await pool.end();
      return tally.figures();
    }),
};

function record(history: History, events: readonly SentEvent[], outcomes: readonly Outcome[]): void {
  for (const [i, event] of events.entries()) {
    history.willSend(event);
    const outcome = outcomes[i]?.outcome ?? "failed";
    if (outcome === "failed") history.recordUnknown(event);
    else history.record(event, outcome satisfies ReportedOutcome);
  }
}
