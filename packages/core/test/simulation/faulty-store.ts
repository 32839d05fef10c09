import { EvtError } from "../../src/evt-error.js";
import type { Store, StoreCall } from "../../src/store.js";
import type { BreakerWatch } from "./breaker-watch.js";
import type { Fate } from "./plan.js";
import type { World } from "./world.js";

const unavailable = () => new EvtError("EVT_STORE_UNAVAILABLE", "the answer was lost");
const unused = () => Promise.reject(new Error("not part of the simulation"));

/** The model behind everything that can go wrong on the way to it. It never heeds a signal: the worst a store can do. */
export class FaultyStore implements Store {
  readonly get = unused;
  readonly list = unused;
  readonly holders = unused;
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
    // one more is for a tenant that has none
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

  /** One call of the script's next fate. */
  #call<T>(kind: string, effect: () => T, { signal }: StoreCall): Promise<T> {
    const world = this.#world;
    const watch = this.#watch;
    world.check(!this.#closed, `${kind} after the store was closed`);
    const fate = world.nextFate();
    const name = `${kind} ${world.storeCalls} ${fate.does}`;
    world.note(`${name} begins`);
    const watched = watch.started(world.time.now());
    // silence shows that the store is down only where it does not answer a ping either
    const onAbort = () => (kind === "ping" ? watch.ended(watched, true) : watch.forgotten(watched));
    signal.addEventListener("abort", onAbort, { once: true });
    const befalls = this.#befall(fate, name, effect).finally(() =>
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

  async #befall<T>(fate: Fate, name: string, effect: () => T): Promise<T> {
    const world = this.#world;
    await world.takesTurn(fate.delayMs, name);
    switch (fate.does) {
      case "works": {
        const answer = effect();
        await world.takesTurn(fate.answerMs, `${name}: answer`);
        return answer;
      }
      case "fails":
        throw fate.contended ? new EvtError("EVT_STORE_CONTENDED", "deadlock") : unavailable();
      case "loses":
        effect();
        throw unavailable();
      case "lands-late":
        void world
          .takesTurn(fate.answerMs, `${name}: effect`)
          .then(effect, () => undefined)
          .catch(() => undefined);
        throw unavailable();
      case "hangs":
        if (fate.takesEffect) effect();
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
