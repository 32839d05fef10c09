import { createEvt } from "@evt/core";
import { createOutbox, forgetParked, maintain, PostgresStore, recount, retain } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { History } from "../history/history.js";
import { newEvents } from "../history/sent-event.js";
import type { FaultRound } from "../rig/under-traffic.js";
import { underTraffic } from "../rig/under-traffic.js";

const RANGE = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
const PRUNED_MONTH = "2020-03-15T12:00:00Z";
const SLOT = "select pg_create_logical_replication_slot('everything', 'pgoutput')";
const CHANGES =
  "select count(*)::int as changes from pg_logical_slot_get_binary_changes('everything', null, null, 'proto_version', '1', 'publication_names', 'everything')";

export const logicalPublication: Fault = {
  name: "F41",
  title: "a publication for all tables, with a slot that reads it",
  rounds: { full: 12, short: 2 },
  run: (context) =>
    underTraffic(context, {
      settings: { wal_level: "logical" },
      prepare: async (rig) => {
        await rig.admin("create publication everything for all tables");
        await rig.admin(SLOT);
      },
      fault: async ({ rig, tally, traffic, round }) => {
        await traffic.settled(40);
        const pool = new pg.Pool({ connectionString: rig.database.url, max: 4 });
        // when the database stops, closing connections may get an error
        pool.on("error", () => undefined);
        const evt = createEvt({ store: new PostgresStore({ pool }) });
        try {
          await upkeep({ rig, tally, round }, pool);
          await relayed({ rig, tally, round }, pool);
          const [row] = await rig.admin(CHANGES);
          tally.expect(Number(row?.["changes"]) > 0, "the slot did not read any changes");
        } finally {
          await evt.close();
          await pool.end();
        }
        return performance.now();
      },
    }),
};

type Round = Pick<FaultRound, "rig" | "tally" | "round">;

/** Runs maintenance that deletes rows. */
async function upkeep({ rig, tally, round }: Round, pool: pg.Pool): Promise<void> {
  const { folded } = await maintain(pool);
  const [left] = await rig.admin("select exists (select from evt.day_total) as some");
  tally.expect(folded > 0 || left?.["some"] === true, "nothing was folded");
  // deletes totals, so that the repair deletes rows
  await rig.admin("delete from evt.day_total where per = 'm'");
  const { differences } = await recount(pool, { ...RANGE, repair: true });
  tally.expect(differences.length > 0, "recount did not find the missing totals");
  const left2 = (await recount(pool, RANGE)).differences.length;
  tally.expect(left2 === 0, `${left2} totals differ after a repair`);
  await prune({ rig, tally, round }, pool);
  await forgetParked(pool, { before: "2020-01-01T00:00:00Z", includeOpen: true });
}

/** Prunes a month of a separate tenant. */
async function prune({ rig, tally, round }: Round, pool: pg.Pool): Promise<void> {
  const now = () => Date.parse(PRUNED_MONTH);
  const evt = createEvt({ store: new PostgresStore({ pool }), runtime: { now } });
  await evt.tenant(`pruned ${round}`).ingestMany(newEvents(3, `pruned ${round}`));
  await evt.close();
  await rig.admin("update evt.late_arrival set at = '2020-03-15'");
  const months = await retain(pool, { before: "2020-04-01T00:00:00Z" });
  tally.expect(months.length === 1 && months[0]?.events === 3, `retain pruned ${JSON.stringify(months)}`);
}

async function relayed({ rig, tally, round }: Round, pool: pg.Pool): Promise<void> {
  const tenantId = `outbox ${round}`;
  const evt = createEvt({ store: new PostgresStore({ pool }) });
  const outbox = createOutbox({ evt, pool });
  const history = new History();
  const events = newEvents(5, tenantId);
  for (const event of events) history.willSend(event);
  const client = await pool.connect();
  await client.query("begin");
  await outbox.enqueue(client, tenantId, events);
  await client.query("commit");
  client.release();
  const { counted } = await outbox.relay();
  tally.expect(counted === events.length, `${counted} of ${events.length} enqueued events were counted`);
  for (const event of events) history.record(event, "processed");
  const [left] = await rig.admin("select count(*)::int as rows from evt.outbox");
  tally.expect(left?.["rows"] === 0, `${left?.["rows"]} rows were left in the outbox`);
  await evt.close();
  await rig.check(tally, history, tenantId);
}
