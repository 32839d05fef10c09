import type { Connections } from "../connection/connections.js";
import { type FoldStatement, foldedCount, MOST_FOLDED } from "./fold-statement.js";

const TIMEOUT_MS = 30_000;
/** What an insert of a busy store adds to, about: one that adds to more counts as several. */
const USUAL_CELLS = 64;

/**
 * Folds the tallies of a store's inserts into the rollups, beside further inserts: one at a time, and never in the way of
 * a caller. Where it fails, the tallies stay and are read as they are; it is tried again after as many more.
 */
export class Folder {
  readonly #connections: Connections;
  readonly #statement: FoldStatement;
  readonly #every: number;
  #inserts = 0;
  #closed = false;
  #folding: Promise<void> | undefined;

  /** `every` so many inserts; 0: never. */
  constructor(connections: Connections, statement: FoldStatement, every: number) {
    this.#connections = connections;
    this.#statement = statement;
    this.#every = every;
  }

  /** Told of each insert how many cells its tallies have. */
  note(cells: number): void {
    this.#inserts += Math.max(1, cells / USUAL_CELLS);
    const isDue = this.#every > 0 && this.#inserts >= this.#every;
    if (!isDue || this.#closed || this.#folding !== undefined) return;
    this.#inserts = 0;
    this.#folding = this.#fold().finally(() => {
      this.#folding = undefined;
    });
  }

  /** Begins nothing any more; resolves when what is under way has ended. What is left is for others, or for later. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#folding;
  }

  async #fold(): Promise<void> {
    try {
      while ((await this.#foldSome()) === MOST_FOLDED && !this.#closed);
    } catch {
      // Nothing was promised to anybody.
    }
  }

  async #foldSome(): Promise<number> {
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    return foldedCount(await this.#connections.run(call, ({ ask }) => ask(this.#statement.with())));
  }
}
