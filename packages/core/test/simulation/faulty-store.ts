import { EvtError } from "../../src/evt-error.js";
import type { Store, StoreCall } from "../../src/store.js";
import type { BreakerWatch } from "./breaker-watch.js";
import type { CallPlan } from "./plan.js";
import type { World } from "./world.js";

const unavailable = () => new EvtError("EVT_STORE_UNAVAILABLE", "the answer was lost");
const unused = () => Promise.reject(new Error("not part of the simulation"));

/** The model store behind all possible failures. It ignores signals, which is the worst case. */
export class FaultyStore implements Store {
  readonly get = unused;
  readonly list = unused;
  readonly holders = unused;
  readonly names = unused;
  readonly #world: World;
  readonly #watch: BreakerWatch;
  #underWay = 0;
  #closed = false;

  constructor(world: World, watch: BreakerWatch) {
    this.#world = world;
    this.#watch = watch;
  }

  insert: Store["insert"] = (records, call) => {
    const world = this.#world;
    world.taken(records);
    world.check(records.length <= world.limits.batchRecords, "an insert is larger than a batch");
    // one more is allowed for a tenant that has none
    world.check(this.#underWay <= world.limits.batchesInFlight, "more inserts are under way than may be");
    this.#underWay++;
    const end = once(() => this.#underWay--);
    call.signal.addEventListener("abort", end);
    return this.#call("insert", () => world.model.insert(records), call).finally(() => {
      call.signal.removeEventListener("abort", end);
      end();
    });
  };

  park: Store["park"] = (events, call) => this.#call("park", () => this.#world.model.park(events), call);

  aggregate: Store["aggregate"] = ({ tenantId }) => Promise.resolve(this.#world.model.totals(tenantId));

  ping: Store["ping"] = (call) => this.#call("ping", () => undefined, call);

  async close(): Promise<void> {
    this.#world.check(this.#underWay === 0, "the store is closed while an insert is under way");
    this.#closed = true;
  }

  /** Makes one call, with the next behaviour in the script. */
  #call<T>(kind: string, effect: () => T, { signal }: StoreCall): Promise<T> {
    const world = this.#world;
    const watch = this.#watch;
    world.check(!this.#closed, `${kind} after the store was closed`);
    const plan = world.nextCall();
    const name = `${kind} ${world.storeCalls} ${plan.does}`;
    world.note(`${name} begins`);
    const watched = watch.started(world.time.now());
    // a call that hangs shows that the store is down only if a ping fails, too
    const onAbort = () => (kind === "ping" ? watch.ended(watched, true) : watch.forgotten(watched));
    signal.addEventListener("abort", onAbort, { once: true });
    const befalls = this.#befall(plan, name, effect).finally(() =>
      signal.removeEventListener("abort", onAbort),
    );
    return befalls.then(
      (answer) => {
        watch.ended(watched, false);
        return answer;
      },
      (error: unknown) => {
        watch.ended(watched, error instanceof EvtError && error.code === "EVT_STORE_UNAVAILABLE");
        throw error;
      },
    );
  }

  async #befall<T>(plan: CallPlan, name: string, effect: () => T): Promise<T> {
    const world = this.#world;
    await world.takesTurn(plan.delayMs, name);
    switch (plan.does) {
      case "works": {
        const answer = effect();
        await world.takesTurn(plan.answerMs, `${name}: answer`);
        return answer;
      }
      case "fails":
        throw plan.contended ? new EvtError("EVT_STORE_CONTENDED", "deadlock") : unavailable();
      case "loses":
        effect();
        throw unavailable();
      case "lands-late":
        void world
          .takesTurn(plan.answerMs, `${name}: effect`)
          .then(effect, () => undefined)
          .catch(() => undefined);
        throw unavailable();
      case "hangs":
        if (plan.takesEffect) effect();
        return new Promise<never>(() => undefined);
      case "breaks":
        throw new TypeError("a defect of the store");
    }
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
