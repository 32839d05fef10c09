import { MemoryStore } from "@evt/store-memory";
import type { EventRecord, InsertOutcome, Store, StoreCall } from "../src/store.js";

type Insert = (records: readonly EventRecord[], call: StoreCall) => Promise<readonly InsertOutcome[]>;

/** A memory store whose inserts can be watched, held up, and made to fail in turn. */
export class ScriptedStore extends MemoryStore {
  /** The records of each insert that was asked for. */
  readonly inserts: (readonly EventRecord[])[] = [];
  /** Taken one for each insert; when they run out, inserts just work. */
  readonly script: ((insert: Insert) => Insert)[] = [];

  override insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    this.inserts.push(records);
    const insert: Insert = (some, same) => super.insert(some, same);
    return (this.script.shift()?.(insert) ?? insert)(records, call);
  }
}

/** The insert does not happen. */
export const failsBefore = (error: Error) => () => () => Promise.reject(error);

/** The insert happens, and its answer is lost. */
export const failsAfter =
  (error: Error) => (insert: Insert) => async (records: readonly EventRecord[], call: StoreCall) => {
    await insert(records, call);
    throw error;
  };

/** The insert happens once `gate` opens. */
export const waitsFor =
  (gate: Promise<void>) => (insert: Insert) => async (records: readonly EventRecord[], call: StoreCall) => {
    await gate;
    return insert(records, call);
  };

/** The insert is never answered. */
export const hangs = () => () => () => new Promise<never>(() => undefined);

/** A door that starts closed. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Refuses a whole insert, as a database does, where a record is one it can never hold. */
export function refusing(store: Store, refused: (record: EventRecord) => boolean, error: Error): Store {
  return {
    insert: (records, call) => (records.some(refused) ? Promise.reject(error) : store.insert(records, call)),
    park: (events, call) => store.park(events, call),
    holders: (records, call) => store.holders(records, call),
    get: (tenantId, ids, call) => store.get(tenantId, ids, call),
    list: (query, call) => store.list(query, call),
    aggregate: (query, call) => store.aggregate(query, call),
    ping: (call) => store.ping(call),
    close: () => store.close(),
  };
}
