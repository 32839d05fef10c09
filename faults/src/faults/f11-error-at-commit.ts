import type { Fault } from "../harness/fault.js";
import type { Rig } from "../rig/rig.js";
import { underTraffic } from "../rig/under-traffic.js";

export const errorAtCommit: Fault = {
  name: "F11",
  title: "a deferred trigger raises an error at COMMIT, after each command has completed",
  rounds: { full: 300, short: 10 },
  run: (context) =>
    underTraffic(context, {
      together: 10,
      prepare: raiseAtCommit,
      fault: async ({ rig, round }) => {
        while ((await raised(rig)) <= round) await new Promise((resolve) => setTimeout(resolve, 2));
        return performance.now();
      },
    }),
};

/**
 * Creates a trigger that raises an error for one random claim in ten. A sequence counts the errors, because it is not
 * rolled back.
 */
async function raiseAtCommit(rig: Rig): Promise<void> {
  await rig.admin(`
    create sequence evt.raised;
    create function evt.raise_at_commit() returns trigger language plpgsql as $$
    begin
      if random() < 0.1 then
        perform nextval('evt.raised');
        raise exception 'raised at commit' using errcode = 'serialization_failure';
      end if;
      return null;
    end $$;
    create constraint trigger raise_at_commit after insert on evt.claim
      deferrable initially deferred for each row execute function evt.raise_at_commit()`);
}

async function raised(rig: Rig): Promise<number> {
  const [row] = await rig.admin(
    "select case when is_called then last_value else 0 end as times from evt.raised",
  );
  return Number(row?.["times"]);
}
