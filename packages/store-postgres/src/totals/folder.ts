import type { Ask, Connections } from "../connection/connections.js";
import { type FoldStatement, foldedCount, MOST_FOLDED } from "./fold-statement.js";

const TIMEOUT_MS = 30_000;

/**
 * Folds the tallies of a store's inserts into the rollups, beside further inserts: one at a time, and never in the way of
 * a caller. Where it fails, the tallies stay and are read as they are; it is tried again after as many more.
 */
export class Folder {
  readonly #connections: Connections;
  readonly #statement: FoldStatement;
  readonly #every: number;
  #tallied = 0;
  #folding: Promise<void> | undefined;

  /** `every` so many tallies; 0: never. */
  constructor(connections: Connections, statement: FoldStatement, every: number) {
    this.#connections = connections;
    this.#statement = statement;
    this.#every = every;
  }

  note(tallies: number): void {
    this.#tallied += tallies;
    if (this.#every === 0 || this.#tallied < this.#every || this.#folding !== undefined) return;
    this.#tallied = 0;
    this.#folding = this.#fold().finally(() => {
      this.#folding = undefined;
    });
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#folding;
  }

  async #fold(): Promise<void> {
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    try {
      while ((await this.#connections.run(call, ({ ask }) => this.#foldSome(ask))) === MOST_FOLDED);
    } catch {
      // Nothing was promised to anybody.
    }
  }

  async #foldSome(ask: Ask): Promise<number> {
    return foldedCount(await ask(this.#statement.with()));
  }
}
