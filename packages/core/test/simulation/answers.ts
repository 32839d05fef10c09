import type { Outcome } from "../../src/outcome.js";
import type { SentEvent } from "./plan.js";
import type { World } from "./world.js";

/** The results that senders got, checked against the truth at that moment. */
export class Answers {
  readonly #world: World;
  readonly #processed = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** I5, I11: no outcome is reported before it is true, and `processed` only once. */
  announced(outcome: Outcome, tenantId: string): void {
    const world = this.#world;
    world.note(`${tenantId} is told ${outcome.outcome} ${outcome.id.slice(0, 8)}`);
    if (outcome.outcome === "failed") {
      if (outcome.kept) world.check(this.#isParked(tenantId, outcome.id), "kept, yet not parked");
      return;
    }
    if (outcome.outcome === "rejected") {
      world.check(this.#isParked(tenantId, outcome.id), "rejected, yet not parked");
      return;
    }
    const row = world.model.row(tenantId, outcome.id);
    world.check(row !== undefined, `${outcome.outcome} is told of an event that is not stored`);
    if (outcome.outcome === "processed") {
      const key = `${tenantId} ${outcome.id}`;
      world.check(!this.#processed.has(key), "one event was told processed twice");
      this.#processed.add(key);
    }
    if (outcome.outcome === "conflict") {
      world.check(this.#isParked(tenantId, outcome.parked.id), "conflict, yet not parked");
      world.check(outcome.parked.fingerprint !== row?.fingerprint, "a conflict of equal contents");
    }
  }

  /** I6: result i belongs to event i, and a valid event is never rejected. */
  answers(outcome: Outcome, sent: SentEvent, tenantId: string): void {
    const check = this.#world.check.bind(this.#world);
    const isBad = sent.amount === "x" || sent.metric === "poison";
    const { outcome: word } = outcome;
    if (word !== "failed") check(isBad === (word === "rejected"), `${JSON.stringify(sent)} is told ${word}`);
    if (word === "processed" || "parked" in outcome) {
      const { rawJson } =
        word === "processed" ? outcome.event : (outcome as { parked: { rawJson: string | null } }).parked;
      check(rawJson === JSON.stringify(sent), "the answer is another event's");
      return;
    }
    const row = this.#world.model.row(tenantId, outcome.id);
    const { clientId, metric, amount } = sent;
    check(
      row?.clientId === clientId && row.metric === metric && row.amount === amount,
      "a duplicate of another event",
    );
  }

  #isParked(tenantId: string, id: string): boolean {
    return this.#world.model.parked.has(`${tenantId} ${id}`);
  }
}
