import { type EventRecord, EvtError, type InsertOutcome, isEvtError, storedEvent } from "@evt/core";
import type { Ask } from "./connections.js";
import { type HoldersStatement, holdersByOrdinal } from "./holders-statement.js";
import { type InsertStatement, wonOrdinals } from "./insert-statement.js";
import type { Partitions } from "./partitions.js";
import type { RollupSlots } from "./rollup-slots.js";

export interface InsertParts {
  readonly insert: InsertStatement;
  readonly holders: HoldersStatement;
  readonly partitions: Partitions;
  readonly slots: RollupSlots;
}

/** A record and its place in the call. */
interface Placed {
  readonly record: EventRecord;
  readonly index: number;
}

/** The records of one identity of one tenant. One command cannot claim it twice, so the first stands for all. */
type Twins = readonly [first: Placed, ...rest: Placed[]];

const INSERTED: InsertOutcome = { outcome: "inserted" };

/** How often claims may vanish between being found taken and being read (rolled back, pruned). */
const ROUNDS = 5;

/** Claims and stores; answers each record. One round trip where nothing is taken, two where something is. */
export async function insertRecords(
  records: readonly EventRecord[],
  parts: InsertParts,
  ask: Ask,
): Promise<readonly InsertOutcome[]> {
  const outcomes = new Map<number, InsertOutcome>();
  let open = twinsAmong(records);
  for (let round = 1; open.length > 0; round++) {
    if (round > ROUNDS) throw unanswered(`${open.length} claims came and went while they were read`);
    const inserting = insertFirsts(open, parts, ask);
    const { won, taken } = await (round === 1 ? inserting : inserting.catch(rethrowUnanswered));
    // Mostly there are neither twins nor resends, and nothing to tell apart.
    if (won.length === records.length) return records.map(() => INSERTED);
    for (const twins of won) answerWon(twins, outcomes);
    await answerTaken(taken.flat(), outcomes, parts, ask).catch(rethrowUnanswered);
    open = taken.filter(([first]) => !outcomes.has(first.index));
  }
  return records.map((_, index) => outcomes.get(index) as InsertOutcome);
}

async function insertFirsts(
  open: readonly Twins[],
  { insert, partitions, slots }: InsertParts,
  ask: Ask,
): Promise<{ readonly won: readonly Twins[]; readonly taken: readonly Twins[] }> {
  const firsts = open.map(([first]) => first.record);
  const inserting = () => slots.hold((slot) => ask(insert.with(firsts, slot)));
  const rows = await partitions.retrying(firsts, ask, inserting);
  const ordinals = wonOrdinals(rows);
  if (ordinals === "all") return { won: open, taken: [] };
  const won = new Set(ordinals);
  return {
    won: open.filter((_, ordinal) => won.has(ordinal)),
    taken: open.filter((_, ordinal) => !won.has(ordinal)),
  };
}

function answerWon([first, ...rest]: Twins, outcomes: Map<number, InsertOutcome>): void {
  const { id, receiptId, receivedAt, fingerprint } = first.record;
  outcomes.set(first.index, INSERTED);
  const claim = { id, receiptId, receivedAt, fingerprint };
  for (const { index } of rest)
    outcomes.set(index, { outcome: "taken", claim, event: storedEvent(first.record) });
}

/** Leaves those unanswered whose claim was taken a moment ago and is gone now. */
async function answerTaken(
  taken: readonly Placed[],
  outcomes: Map<number, InsertOutcome>,
  { holders }: InsertParts,
  ask: Ask,
): Promise<void> {
  if (taken.length === 0) return;
  const found = holdersByOrdinal(await ask(holders.with(taken.map(({ record }) => record))));
  for (const [ordinal, holder] of found) {
    outcomes.set((taken[ordinal] as Placed).index, { outcome: "taken", ...holder });
  }
}

function twinsAmong(records: readonly EventRecord[]): readonly Twins[] {
  // Mostly there are none, and that is told at once.
  if (new Set(records.map((record) => record.identity)).size === records.length)
    return records.map((record, index) => [{ record, index }]);
  const groups = new Map<string, [Placed, ...Placed[]]>();
  for (const [index, record] of records.entries()) {
    // The identity has a fixed length, so no two pairs of identity and tenant read alike.
    const key = record.identity + record.tenantId;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [{ record, index }]);
    else known.push({ record, index });
  }
  return [...groups.values()];
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
