import {
  type EventRecord,
  EvtError,
  type Holder,
  type InsertOutcome,
  isEvtError,
  storedEvent,
} from "@evt/core";
import type { Ask, Session } from "../connection/connections.js";
import { isTakenClaim, leavesConnectionSound } from "../connection/sqlstate.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import type { ByteWriters } from "../wire/byte-writers.js";
import { type HoldersStatement, holdersByOrdinal } from "./holders-statement.js";
import { type InsertStatement, isLapsing, wonOrdinals } from "./insert-statement.js";
import type { Partitions } from "./partitions.js";
import type { RecordCopy } from "./record-copy.js";
import type { Resends } from "./resends.js";
import { allDiffer, firstsOf, lookedUp, type Twins, twinsAmong } from "./twins.js";

export interface InsertParts {
  readonly copy: RecordCopy;
  readonly insert: InsertStatement;
  readonly holders: HoldersStatement;
  readonly partitions: Partitions;
  readonly resends: Resends;
  readonly writers: ByteWriters;
  /** Told how many cells were tallied, at most. */
  readonly onTallied: (cells: number) => void;
}

type Copy = NonNullable<Session["copy"]>;

const INSERTED: InsertOutcome = Object.freeze({ outcome: "inserted" });

/** How often claims may vanish between being found taken and being read (rolled back, pruned). */
const ROUNDS = 5;

/**
 * Claims and stores; answers each record. Mostly nothing is taken, and that is one COPY, one round trip. Where resends
 * are to be expected, those who hold an identity are asked for first, and the rest is copied. What another writer takes
 * in between, and claims that lapse, are for the statement that can leave a claim or take it over.
 */
export async function insertRecords(
  records: readonly EventRecord[],
  parts: InsertParts,
  session: Session,
): Promise<readonly InsertOutcome[]> {
  const copy = records.some(isLapsing) ? null : session.copy;
  if (copy === null) return new Insertion(records, parts, session.ask).byStatement();
  if (!parts.resends.expected && allDiffer(records) && (await copied(records, parts, session.ask, copy))) {
    parts.resends.note(false);
    return new Array<InsertOutcome>(records.length).fill(INSERTED);
  }
  return new Insertion(records, parts, session.ask).byCopy(copy);
}

/** Whether all of them won; none did otherwise. No identity of a tenant may stand there twice. */
async function copied(
  records: readonly EventRecord[],
  { copy: message, partitions, writers, onTallied }: InsertParts,
  ask: Ask,
  copy: Copy,
): Promise<boolean> {
  try {
    const cells = await using(writers, async (writer) => {
      const tallied = message.write(writer, records);
      await partitions.retrying(records, ask, () => copy(writer.written()));
      return tallied;
    });
    onTallied(cells);
    return true;
  } catch (error) {
    if (isTakenClaim(error)) return false;
    throw error;
  }
}

/** An insert in which records may be twins, or find their identities taken. */
class Insertion {
  readonly #records: readonly EventRecord[];
  readonly #parts: InsertParts;
  readonly #ask: Ask;
  readonly #outcomes: InsertOutcome[] = [];

  constructor(records: readonly EventRecord[], parts: InsertParts, ask: Ask) {
    this.#records = records;
    this.#parts = parts;
    this.#ask = ask;
  }

  /** Asks who holds what first, and copies the rest. */
  async byCopy(copy: Copy): Promise<readonly InsertOutcome[]> {
    const all = twinsAmong(this.#records);
    await this.#answerTaken(all);
    const free = this.#unanswered(all);
    this.#parts.resends.note(free.length < all.length);
    if (free.length > 0) {
      if (await copied(firstsOf(free), this.#parts, this.#ask, copy)) this.#answerWon(free);
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
      if (round > ROUNDS) throw unanswered(`${open.length} claims came and went while they were read`);
      const inserting = this.#insertFirsts(open);
      const { won, taken } = await (round === 1 ? inserting : inserting.catch(rethrowUnanswered));
      this.#answerWon(won);
      await this.#answerTaken(taken).catch(rethrowUnanswered);
      open = this.#unanswered(taken);
    }
  }

  async #insertFirsts(
    open: readonly Twins[],
  ): Promise<{ readonly won: readonly Twins[]; readonly taken: readonly Twins[] }> {
    const { insert, partitions, writers, onTallied } = this.#parts;
    const records = firstsOf(open);
    const rows = await using(writers, (writer) => {
      const query = insert.with(writer, records);
      return partitions.retrying(records, this.#ask, () => this.#ask(query));
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

  #answerWon(won: readonly Twins[]): void {
    for (const [{ record, index }, ...rest] of won) {
      this.#outcomes[index] = INSERTED;
      if (rest.length === 0) continue;
      const { id, receiptId, receivedAt, fingerprint } = record;
      const holder = { claim: { id, receiptId, receivedAt, fingerprint }, event: storedEvent(record) };
      for (const twin of rest) this.#outcomes[twin.index] = { outcome: "taken", ...holder };
    }
  }

  /** Leaves those unanswered whose identity nobody holds. The holder of an identity is read once for all its twins. */
  async #answerTaken(taken: readonly Twins[]): Promise<void> {
    if (taken.length === 0) return;
    const { holders, writers } = this.#parts;
    const asked = taken.flatMap((twins) => lookedUp(twins).map(({ record }) => ({ record, twins })));
    const records = asked.map(({ record }) => record);
    const rows = await using(writers, (writer) => this.#ask(holders.met(writer, records)));
    for (const [ordinal, holder] of holdersByOrdinal(rows, records)) {
      const outcome: InsertOutcome = { outcome: "taken", ...holder };
      for (const { index } of (asked[ordinal] as (typeof asked)[number]).twins)
        this.#outcomes[index] = outcome;
    }
  }

  #unanswered(twins: readonly Twins[]): readonly Twins[] {
    return twins.filter(([first]) => this.#outcomes[first.index] === undefined);
  }
}

/** Who would be met by an insert of each record alone. */
export async function standingHolders(
  records: readonly EventRecord[],
  { holders, writers }: Pick<InsertParts, "holders" | "writers">,
  { ask }: Session,
  rawChars: number | undefined,
): Promise<readonly (Holder | null)[]> {
  const rows = await using(writers, (writer) => ask(holders.standing(writer, records, rawChars)));
  const found = holdersByOrdinal(rows, records);
  return records.map((_, ordinal) => found.get(ordinal) ?? null);
}

/** Gives the writer back, unless what it wrote may still wait to be sent. */
export async function using<T>(writers: ByteWriters, work: (writer: ByteWriter) => Promise<T>): Promise<T> {
  const writer = writers.borrow();
  try {
    const result = await work(writer);
    writers.giveBack(writer);
    return result;
  } catch (error) {
    if (leavesConnectionSound(error)) writers.giveBack(writer);
    throw error;
  }
}

/** Once the first insert was answered, "nothing was stored" is no longer true, whatever Postgres says of a later statement. */
function rethrowUnanswered(error: unknown): never {
  if (!isEvtError(error) || error.code === "EVT_INTERNAL") throw error;
  throw unanswered(error.message, error.cause);
}

function unanswered(why: string, cause?: unknown): EvtError {
  return new EvtError(
    "EVT_STORE_UNAVAILABLE",
    `the insert is done, but not every record could be answered: ${why}`,
    { cause },
  );
}
