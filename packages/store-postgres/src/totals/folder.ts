import type { Connections } from "../connection/connections.js";
import { FOLDED_AT_ONCE, type FoldStatement, foldedCount } from "./fold-statement.js";

const TIMEOUT_MS = 30_000;
/** An insert that adds to more totals than this counts as several: what is not folded is never long to read. */
const USUAL_CELLS = 16;

/**
 * Folds the tallies of a store's inserts into the rollups, beside further inserts: one at a time, and never in the way of
 * a caller. Where it fails, the tallies stay and are read as they are; it is tried again after as many more.
 */
export class Folder {
  readonly #connections: Connections;
  readonly #statement: FoldStatement;
  readonly #every: number;
  #inserts = 0;
  #weight = 0;
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
    this.#inserts++;
    this.#weight += Math.max(1, cells / USUAL_CELLS);
    const isDue = this.#every > 0 && this.#weight >= this.#every;
    if (!isDue || this.#closed || this.#folding !== undefined) return;
    const most = Math.max(FOLDED_AT_ONCE, this.#inserts);
    this.#inserts = 0;
    this.#weight = 0;
    this.#folding = this.#fold(most).finally(() => {
      this.#folding = undefined;
    });
  }

  /** Begins nothing any more; resolves when what is under way has ended. What is left is for others, or for later. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#folding;
  }

  async #fold(most: number): Promise<void> {
    try {
      while ((await this.#foldSome(most)) === most && !this.#closed);
    } catch {
      // Nothing was promised to anybody.
    }
  }

  async #foldSome(most: number): Promise<number> {
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    return foldedCount(await this.#connections.run(call, ({ ask }) => ask(this.#statement.with(most))));
  }
}
