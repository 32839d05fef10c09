import {
  claimOf,
  type EventRecord,
  EvtError,
  type Holder,
  type InsertOutcome,
  isEvtError,
  storedEvent,
} from "@evt/core/store";
import type { Query, Session } from "../connection/connections.js";
import { isTakenClaim, leavesConnectionReusable } from "../connection/sqlstate.js";
import type { Combinations } from "../totals/combinations.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import type { ByteWriters } from "../wire/byte-writers.js";
import { hasTwins, inClaimOrder } from "./claim-order.js";
import { type HoldersStatement, holdersByOrdinal } from "./holders-statement.js";
import { type InsertStatement, isLapsing, wonOrdinals } from "./insert-statement.js";
import type { Partitions } from "./partitions.js";
import type { RecordCopy } from "./record-copy.js";
import type { Resends } from "./resends.js";
import { firstsOf, lookedUp, type Twins, twinsAmong } from "./twins.js";

export interface InsertParts {
  readonly copy: RecordCopy;
  readonly insert: InsertStatement;
  readonly holders: HoldersStatement;
  readonly partitions: Partitions;
  readonly resends: Resends;
  readonly writers: ByteWriters;
  readonly combinations: Combinations;
  /** Called after an insert with the number of cells that the insert tallied, or with an upper bound. */
  readonly onTallied: (cells: number) => void;
}

type Copy = NonNullable<Session["copy"]>;

const INSERTED: InsertOutcome = Object.freeze({ outcome: "inserted" });

/**
 * Maximum number of rounds. Another round is needed only if a taken claim is deleted before its holder is read. evt never
 * deletes claims.
 */
const ROUNDS = 5;

/**
 * Inserts records and returns the outcome of each, in the order of the records.
 *
 * 1. The first step is one COPY of all records, in one round trip. It fails if an identity is taken. This step is
 * skipped if resends are expected or if two records of one tenant have the same identity.
 * 2. The second step reads the holders of the identities, and inserts the records without a holder by COPY.
 * 3. If that COPY fails too, a slower statement inserts the rest. It can skip a taken claim and take over a lapsed
 * claim. If claims lapse, or if the client does not support COPY, this step is the only one.
 */
export async function insertRecords(
  records: readonly EventRecord[],
  parts: InsertParts,
  session: Session,
): Promise<readonly InsertOutcome[]> {
  const copy = records.some(isLapsing) ? null : session.copy;
  if (copy === null) return new Insertion(records, parts, session.query).byStatement();
  if (!parts.resends.expected && (await tryCopy(records, parts, session.query, copy))) {
    parts.resends.note(false);
    return new Array<InsertOutcome>(records.length).fill(INSERTED);
  }
  return new Insertion(records, parts, session.query).byCopy(copy);
}

/**
 * Inserts records by COPY and returns true. If there are twins among them or a claim is taken, stores nothing and returns
 * false.
 */
async function tryCopy(
  records: readonly EventRecord[],
  { copy: message, partitions, writers, combinations, onTallied }: InsertParts,
  query: Query,
  copy: Copy,
): Promise<boolean> {
  const claims = inClaimOrder(records);
  if (hasTwins(claims)) return false;
  const names = await combinations.tallied(query);
  try {
    const cells = await using(writers, async (writer) => {
      const tallied = message.write(writer, claims, records, names);
      await partitions.retrying(records, query, () => copy(writer.written()));
      return tallied;
    });
    onTallied(cells);
    return true;
  } catch (error) {
    if (isTakenClaim(error)) return false;
    throw error;
  }
}

/** One insert. Its records may be twins, and their identities may be taken. */
class Insertion {
  readonly #records: readonly EventRecord[];
  readonly #parts: InsertParts;
  readonly #query: Query;
  readonly #outcomes: InsertOutcome[] = [];

  constructor(records: readonly EventRecord[], parts: InsertParts, query: Query) {
    this.#records = records;
    this.#parts = parts;
    this.#query = query;
  }

  /** Reads the holders of all identities first, and copies the records that have none. */
  async byCopy(copy: Copy): Promise<readonly InsertOutcome[]> {
    const all = twinsAmong(this.#records);
    await this.#noteTaken(all);
    const free = this.#withoutOutcome(all);
    this.#parts.resends.note(free.length < all.length);
    if (free.length > 0) {
      if (await tryCopy(firstsOf(free), this.#parts, this.#query, copy)) this.#noteWon(free);
      else await this.#byStatement(free);
    }
    return this.#outcomes;
  }

  async byStatement(): Promise<readonly InsertOutcome[]> {
    await this.#byStatement(twinsAmong(this.#records));
    return this.#outcomes;
  }

  async #byStatement(twins: readonly Twins[]): Promise<void> {
    let open = twins;
    for (let round = 1; open.length > 0; round++) {
      if (round > ROUNDS) throw incompleteError(`${open.length} claims changed while they were read`);
      const inserting = this.#insertFirsts(open);
      const { won, taken } = await (round === 1 ? inserting : inserting.catch(rethrowIncomplete));
      this.#noteWon(won);
      await this.#noteTaken(taken).catch(rethrowIncomplete);
      open = this.#withoutOutcome(taken);
    }
  }

  async #insertFirsts(
    open: readonly Twins[],
  ): Promise<{ readonly won: readonly Twins[]; readonly taken: readonly Twins[] }> {
    const { insert, partitions, writers, combinations, onTallied } = this.#parts;
    const records = firstsOf(open);
    await combinations.tallied(this.#query);
    const rows = await using(writers, (writer) => {
      const statement = insert.with(writer, records);
      return partitions.retrying(records, this.#query, () => this.#query(statement));
    });
    const ordinals = wonOrdinals(rows);
    if (ordinals.length > 0) onTallied(ordinals === "all" ? records.length : ordinals.length);
    if (ordinals === "all") return { won: open, taken: [] };
    const won = new Set(ordinals);
    return {
      won: open.filter((_, ordinal) => won.has(ordinal)),
      taken: open.filter((_, ordinal) => !won.has(ordinal)),
    };
  }

  #noteWon(won: readonly Twins[]): void {
    for (const [{ record, index }, ...rest] of won) {
      this.#outcomes[index] = INSERTED;
      if (rest.length === 0) continue;
      const holder = { claim: claimOf(record), event: storedEvent(record) };
      for (const twin of rest) this.#outcomes[twin.index] = { outcome: "taken", ...holder };
    }
  }

  /** Sets the outcome of the records whose identity has a holder. */
  async #noteTaken(taken: readonly Twins[]): Promise<void> {
    if (taken.length === 0) return;
    const { holders, writers } = this.#parts;
    const records: EventRecord[] = [];
    const twinsOf: Twins[] = [];
    for (const twins of taken) {
      for (const { record } of lookedUp(twins)) {
        records.push(record);
        twinsOf.push(twins);
      }
    }
    const rows = await using(writers, (writer) => this.#query(holders.taken(writer, records)));
    for (const [ordinal, holder] of holdersByOrdinal(rows, records)) {
      const outcome: InsertOutcome = { outcome: "taken", ...holder };
      for (const { index } of twinsOf[ordinal] as Twins) this.#outcomes[index] = outcome;
    }
  }

  #withoutOutcome(twins: readonly Twins[]): readonly Twins[] {
    return twins.filter(([first]) => this.#outcomes[first.index] === undefined);
  }
}

/**
 * Returns the current holder of each record, or `null`. It is the holder that the record would find if it were
 * inserted alone.
 */
export async function currentHolders(
  records: readonly EventRecord[],
  { holders, writers }: Pick<InsertParts, "holders" | "writers">,
  { query }: Session,
  rawChars: number | undefined,
): Promise<readonly (Holder | null)[]> {
  const rows = await using(writers, (writer) => query(holders.current(writer, records, rawChars)));
  const found = holdersByOrdinal(rows, records);
  return records.map((_, ordinal) => found.get(ordinal) ?? null);
}

/**
 * Resolves with the result of `work`, which uses a borrowed writer. The writer is given back, unless its bytes may
 * still be waiting to be sent.
 */
export async function using<T>(writers: ByteWriters, work: (writer: ByteWriter) => Promise<T>): Promise<T> {
  const writer = writers.borrow();
  try {
    const result = await work(writer);
    writers.giveBack(writer);
    return result;
  } catch (error) {
    if (leavesConnectionReusable(error)) writers.giveBack(writer);
    throw error;
  }
}

/**
 * Rethrows an error that came after the first insert succeeded. Events may already be stored, so every EvtError
 * except `EVT_INTERNAL` becomes `EVT_STORE_UNAVAILABLE`.
 */
function rethrowIncomplete(error: unknown): never {
  if (!isEvtError(error) || error.code === "EVT_INTERNAL") throw error;
  throw incompleteError(error.message, error.cause);
}

function incompleteError(why: string, cause?: unknown): EvtError {
  return new EvtError(
    "EVT_STORE_UNAVAILABLE",
    `the outcome of some records is unknown, and some may be stored: ${why}`,
    { cause },
  );
}
