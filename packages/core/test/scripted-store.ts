import { MemoryStore } from "@evt/store-memory";
import type { EventRecord, InsertOutcome, Store, StoreCall } from "../src/store.js";

type Insert = (records: readonly EventRecord[], call: StoreCall) => Promise<readonly InsertOutcome[]>;

/** A memory store whose inserts can be recorded, delayed and made to fail. */
export class ScriptedStore extends MemoryStore {
  /** The records of each insert. */
  readonly inserts: (readonly EventRecord[])[] = [];
  /** One item is used for each insert. When none is left, inserts succeed. */
  readonly script: ((insert: Insert) => Insert)[] = [];

  override insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    this.inserts.push(records);
    const insert: Insert = (some, same) => super.insert(some, same);
    return (this.script.shift()?.(insert) ?? insert)(records, call);
  }
}

/** Nothing is inserted. */
export const failsBefore = (error: Error) => () => () => Promise.reject(error);

/** The records are inserted, and the response is lost. */
export const failsAfter =
  (error: Error) => (insert: Insert) => async (records: readonly EventRecord[], call: StoreCall) => {
    await insert(records, call);
    throw error;
  };

/** The records are inserted after `gate` opens. */
export const waitsFor =
  (gate: Promise<void>) => (insert: Insert) => async (records: readonly EventRecord[], call: StoreCall) => {
    await gate;
    return insert(records, call);
  };

/** The insert hangs. */
export const hangs = () => () => () => new Promise<never>(() => undefined);

/** A gate that is closed at first. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Refuses a whole insert, as a database does, if it can never hold one of the records. */
export function refusing(store: Store, refused: (record: EventRecord) => boolean, error: Error): Store {
  return {
    insert: (records, call) => (records.some(refused) ? Promise.reject(error) : store.insert(records, call)),
    park: (events, call) => store.park(events, call),
    holders: (records, call) => store.holders(records, call),
    get: (tenantId, ids, call) => store.get(tenantId, ids, call),
    list: (query, call) => store.list(query, call),
    aggregate: (query, call) => store.aggregate(query, call),
    names: (query, call) => store.names(query, call),
    ping: (call) => store.ping(call),
    close: () => store.close(),
  };
}
