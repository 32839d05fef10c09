import { checkFinalState } from "./final-state.js";
import type { Plan } from "./plan.js";
import { Sender } from "./sender.js";
import { World } from "./world.js";

const MOST_STEPS = 20_000;

/** A summary of a run, for comparison and statistics. */
export interface Run {
  readonly trace: readonly string[];
  readonly storeCalls: number;
  readonly breakersOpened: number;
}

/** Runs a plan. @throws Error with the end of its trace if an invariant is violated */
export async function simulate(plan: Plan): Promise<Run> {
  const world = new World(plan);
  const senders = plan.senders.map((each, i) => new Sender(each, `sender ${i}`, world));
  const work = [...senders.map((sender) => sender.run()), takeOver(plan, world)];
  await drive(Promise.all(work), world);
  checkFinalState(senders, world);
  await drive(serviceIsBack(world), world);
  if (world.violation !== null) throw world.violation;
  return { trace: world.trace, storeCalls: world.storeCalls, breakersOpened: world.breakersOpened };
}

/** Closes the evt during the run. Another one takes over at once, as in a rolling restart. */
async function takeOver({ closeMs }: Plan, world: World): Promise<void> {
  if (closeMs === null) return;
  await world.takesTurn(closeMs, "close");
  const old = world.evt;
  world.evt = world.newEvt();
  await old.close();
  world.note("closed");
}

/** I8, I4: once the store works, the breaker is closed after its longest pause, and totals equal those of the rows. */
async function serviceIsBack(world: World): Promise<void> {
  world.heal();
  await world.time.sleep(world.breaker.maxPauseMs);
  for (const tenantId of ["t1", "t2"]) {
    const tenant = world.evt.tenant(tenantId);
    await tenant.ingest(last("first"));
    // as many concurrent calls as may wait: aborted calls must not take up room
    const calls = [0, 1].map((half) => tenant.ingestMany([0, 1, 2, 3].map((i) => last(`${half} ${i}`))));
    for (const { processed } of await Promise.all(calls))
      world.check(processed === 4, `after all faults ${processed} of 4 events are processed`);
    const { rows } = await tenant.aggregate();
    const { count, sum } = world.model.totals(tenantId)[0] ?? {};
    world.check(rows[0]?.count === count && rows[0]?.sum === sum, "a total is not that of the rows");
  }
  await world.evt.close();
  world.check(world.time.ofCore === 0, `${world.time.ofCore} timers are left`);
}

function last(metric: string) {
  return { clientId: "last", metric, amount: "7", timestamp: "2024-02-02T00:00:00.000Z" };
}

/** Runs the world, one step at a time, until nothing is left to do. */
async function drive(work: Promise<unknown>, world: World): Promise<void> {
  const { scheduler } = world;
  let ended = false;
  let failure: unknown = null;
  work.then(
    () => {
      ended = true;
    },
    (error: unknown) => {
      failure = error;
      ended = true;
    },
  );
  for (let step = 0; step < MOST_STEPS; step++) {
    await new Promise((resolve) => setImmediate(resolve));
    world.step();
    if (world.violation !== null) throw world.violation;
    if (failure !== null) throw failure;
    const anyTask = scheduler.count() > 0;
    // a task that could continue now may still be late: then time passes first
    const late = !world.healed && world.time.hasTimers && world.time.random() < 0.1;
    if (anyTask && !late) await scheduler.waitNext(1);
    else if (world.time.hasTimers) world.time.passToNext();
    else if (ended) return;
    else throw new Error(`something is never answered\n${world.trace.slice(-40).join("\n")}`);
  }
  throw new Error(`no end in sight\n${world.trace.slice(-40).join("\n")}`);
}
