import type {
  AggregateQuery,
  AggregateRow,
  Entry,
  EntryPage,
  EntryQuery,
  EventRecord,
  Holder,
  InsertOutcome,
  ParkedEvent,
  ReasonCount,
  ReasonQuery,
  Replay,
  ReplayAttempt,
  ReplayOutcome,
  ReplayStore,
  StoreCall,
} from "@evt/core";
import { Connections } from "./connection/connections.js";
import type { PgPool } from "./connection/pg-pool.js";
import { ping } from "./connection/ping.js";
import { prepared, unprepared } from "./connection/statement.js";
import { entriesByOrdinal, GetStatement } from "./entries/get-statement.js";
import { boundedListQuery, entryPage, listQuery, needsBudget } from "./entries/list-query.js";
import { HoldersStatement } from "./insert/holders-statement.js";
import { type InsertParts, insertRecords, standingHolders } from "./insert/insert-records.js";
import { InsertStatement } from "./insert/insert-statement.js";
import { Partitions } from "./insert/partitions.js";
import { RecordCopy } from "./insert/record-copy.js";
import { Resends } from "./insert/resends.js";
import { SchemaCheck } from "./migrations/schema-check.js";
import { checkKnown } from "./options/known-options.js";
import { quotedSchema } from "./options/schema-name.js";
import { ParkStatement } from "./parked/park-statement.js";
import { attempt, historyQuery } from "./replay/history-query.js";
import { NoteStatement } from "./replay/note-statement.js";
import { reasonCount, reasonsQuery } from "./replay/reasons-query.js";
import { type ReplayParts, replayRecords } from "./replay/replay-records.js";
import { ReplayStatement } from "./replay/replay-statement.js";
import type { LapsingClock } from "./tables/lapsing-clock.js";
import { aggregateQuery, aggregateRows } from "./totals/aggregate-query.js";
import { FoldStatements } from "./totals/fold-statement.js";
import { Folder } from "./totals/folder.js";
import { upkeepReporter } from "./upkeep/upkeep-errors.js";
import { ByteWriters } from "./wire/byte-writers.js";

export interface PostgresStoreOptions {
  /**
   * A `pg` pool of the application. It stays the application's: nothing is set on it, and it is never ended here.
   * Statements of given-up calls are cancelled. Set `statement_timeout` for those that cannot be, as the README says.
   */
  readonly pool: PgPool;
  /** Where `migrate` made the tables. @defaultValue "evt" */
  readonly schema?: string;
  /**
   * Whether statements are prepared once on each connection, which saves Postgres from planning them each time. Say
   * `false` behind a pooler that hands a connection to others between transactions and does not know of prepared
   * statements (PgBouncer before 1.21). @defaultValue true
   */
  readonly preparedStatements?: boolean;
  /**
   * After how many of its inserts the store folds what they tallied into the rollups, on one further connection of the
   * pool; an insert that adds to more than 16 totals counts as several. It folds until nothing is left, and folds what
   * fewer inserts tallied within about 30 seconds. Totals include what is not folded yet: they are exact, but take
   * longer. 0: never, which leaves folding to `maintain`. @defaultValue 1_024
   */
  readonly foldEvery?: number;
  /**
   * The clock that decides whether the claim of an event without key and timestamp has lapsed. `"database"`: that of
   * Postgres, so hosts whose clocks differ agree. `"caller"`: the clock of each host, for tests that inject time.
   * @defaultValue "database"
   */
  readonly clock?: LapsingClock;
  /**
   * Receives every failure of the work that the store does by itself, which is folding. Totals stay exact meanwhile and
   * take longer, and the store tries again, at the latest after a minute. What this function throws is ignored.
   * Default: a process warning, once for each message.
   */
  readonly onUpkeepError?: (error: unknown) => void;
}

const CLOCKS: readonly LapsingClock[] = ["database", "caller"];

const OPTIONS: readonly (keyof PostgresStoreOptions)[] = [
  "pool",
  "schema",
  "preparedStatements",
  "foldEvery",
  "clock",
  "onUpkeepError",
];

/**
 * The store on Postgres 15 and later. Its schema is made by `migrate`, never from here: on a schema that does not fit this
 * version of the package, every operation fails with `EVT_SCHEMA_OUTDATED`.
 */
export class PostgresStore implements ReplayStore {
  readonly #connections: Connections;
  readonly #schema: string;
  readonly #check: SchemaCheck;
  readonly #insert: InsertParts;
  readonly #park: ParkStatement;
  readonly #get: GetStatement;
  readonly #replay: ReplayParts;
  readonly #note: NoteStatement;
  readonly #folder: Folder;

  /** @throws TypeError where an option is unknown or cannot be meant. */
  constructor(options: PostgresStoreOptions) {
    checkKnown("PostgresStore", options, OPTIONS);
    const {
      pool,
      schema = "evt",
      preparedStatements = true,
      foldEvery = 1_024,
      clock = "database",
      onUpkeepError,
    } = options;
    if (typeof pool?.connect !== "function")
      throw new TypeError("PostgresStore needs a pool, such as new pg.Pool()");
    if (!Number.isSafeInteger(foldEvery) || foldEvery < 0)
      throw new TypeError(`foldEvery is ${foldEvery}; it must be a whole number of at least 0`);
    if (!CLOCKS.includes(clock))
      throw new TypeError(`clock is ${String(clock)}; it must be one of ${CLOCKS.join(", ")}`);
    if (onUpkeepError !== undefined && typeof onUpkeepError !== "function")
      throw new TypeError(`onUpkeepError is ${String(onUpkeepError)}; it must be a function`);
    const quoted = quotedSchema(schema);
    const prepare = preparedStatements ? prepared : unprepared;
    this.#check = new SchemaCheck(quoted);
    this.#connections = new Connections(pool, this.#check);
    this.#schema = quoted;
    this.#folder = new Folder({
      connections: this.#connections,
      statements: new FoldStatements(quoted, prepare),
      every: foldEvery,
      onError: upkeepReporter(onUpkeepError),
    });
    this.#insert = {
      copy: new RecordCopy(quoted),
      insert: new InsertStatement(quoted, prepare, clock),
      holders: new HoldersStatement(quoted, prepare, clock),
      partitions: new Partitions(quoted, prepare),
      resends: new Resends(),
      writers: new ByteWriters(),
      onTallied: (cells) => this.#folder.note(cells),
    };
    this.#replay = {
      ...this.#insert,
      schema: quoted,
      replay: new ReplayStatement(quoted, prepare, clock),
    };
    this.#note = new NoteStatement(quoted, prepare);
    this.#park = new ParkStatement(quoted, prepare, clock);
    this.#get = new GetStatement(quoted, prepare);
  }

  async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    if (records.length === 0) return [];
    return this.#connections.run(call, (session) => insertRecords(records, this.#insert, session));
  }

  async holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]> {
    if (records.length === 0) return [];
    return this.#connections.run(call, (session) =>
      standingHolders(records, this.#insert, session, call.rawChars),
    );
  }

  async park(events: readonly ParkedEvent[], call: StoreCall): Promise<void> {
    if (events.length === 0) return;
    const query = await this.#park.with(events);
    await this.#connections.run(call, ({ ask }) => ask(query));
  }

  async get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]> {
    if (ids.length === 0) return [];
    const rows = await this.#connections.run(call, ({ ask }) =>
      ask(this.#get.with(tenantId, ids, call.rawChars)),
    );
    return entriesByOrdinal(rows, ids.length);
  }

  async list(query: EntryQuery, call: StoreCall): Promise<EntryPage> {
    const { rawChars } = call;
    const rows = await this.#connections.run(call, async ({ ask }) => {
      const found = await ask(listQuery(this.#schema, query, rawChars));
      return needsBudget(found, rawChars) ? ask(boundedListQuery(this.#schema, query, rawChars)) : found;
    });
    return entryPage(rows, query.limit, rawChars);
  }

  async aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]> {
    const rows = await this.#connections.run(call, ({ ask }) => ask(aggregateQuery(this.#schema, query)));
    return aggregateRows(rows);
  }

  async reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]> {
    const rows = await this.#connections.run(call, ({ ask }) => ask(reasonsQuery(this.#schema, query)));
    return rows.map(reasonCount);
  }

  async replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]> {
    if (replays.length === 0) return [];
    return this.#connections.run(call, (session) => replayRecords(replays, this.#replay, session));
  }

  async note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void> {
    if (attempts.length === 0) return;
    await this.#connections.run(call, ({ ask }) => ask(this.#note.with(tenantId, attempts)));
  }

  async history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]> {
    const query = historyQuery(this.#schema, tenantId, id);
    const rows = await this.#connections.run(call, ({ ask }) => ask(query));
    return rows.map(attempt);
  }

  async ping(call: StoreCall): Promise<void> {
    await this.#connections.run(call, async ({ ask }) => {
      await this.#check.check(ask);
      await ping(this.#schema, ask);
    });
  }

  async close(): Promise<void> {
    await this.#folder.close();
    await this.#connections.close();
  }
}
