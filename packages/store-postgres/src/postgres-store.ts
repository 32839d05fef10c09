import { checkKnown, checkOneOf, checkWhole } from "@evt/core/adapter";
import type {
  AggregateQuery,
  AggregateRow,
  Entry,
  EntryPage,
  EntryQuery,
  EventRecord,
  Holder,
  InsertOutcome,
  NameQuery,
  ParkedEvent,
  ReasonCount,
  ReasonQuery,
  Replay,
  ReplayAttempt,
  ReplayOutcome,
  ReplayStore,
  SeenName,
  StoreCall,
  TotalsCombination,
  TotalsSource,
} from "@evt/core/store";
import { Connections, type Query } from "./connection/connections.js";
import type { PgPool } from "./connection/pg-pool.js";
import { ping } from "./connection/ping.js";
import { PreparedTexts } from "./connection/prepared-texts.js";
import { prepared, unprepared } from "./connection/statement.js";
import { entriesByOrdinal, GetStatement } from "./entries/get-statement.js";
import { boundedListQuery, entryPage, listQuery, needsBudget } from "./entries/list-query.js";
import { HoldersStatement } from "./insert/holders-statement.js";
import { currentHolders, type InsertParts, insertRecords } from "./insert/insert-records.js";
import { InsertStatement } from "./insert/insert-statement.js";
import { Partitions } from "./insert/partitions.js";
import { RecordCopy } from "./insert/record-copy.js";
import { Resends } from "./insert/resends.js";
import { SchemaCheck } from "./migrations/schema-check.js";
import { callListener } from "./options/call-listener.js";
import { quotedSchema } from "./options/schema-name.js";
import { ParkStatement } from "./parked/park-statement.js";
import { attempt, historyQuery } from "./replay/history-query.js";
import { NoteStatement } from "./replay/note-statement.js";
import { reasonCount, reasonsQuery } from "./replay/reasons-query.js";
import { type ReplayParts, replayRecords } from "./replay/replay-records.js";
import { ReplayStatement } from "./replay/replay-statement.js";
import type { LapsingClock } from "./tables/lapsing-clock.js";
import { aggregateQuery, aggregateRows, areComplete, combinationQuery } from "./totals/aggregate-query.js";
import { Combinations, combinationFor } from "./totals/combinations.js";
import { FoldStatements } from "./totals/fold-statement.js";
import { type FoldedSlice, Folder, type FolderState } from "./totals/folder.js";
import { eachNameQuery, namesQuery, needsEachName, seenName } from "./totals/names-query.js";
import { needsEvents, totalsOfEvents } from "./totals/totals-of-events.js";
import { type Unfolded, unfoldedOf, unfoldedSql } from "./totals/unfolded.js";
import { upkeepReporter } from "./upkeep/upkeep-errors.js";
import { ByteWriters } from "./wire/byte-writers.js";

/** Options of {@link PostgresStore}. */
export interface PostgresStoreOptions {
  /**
   * A `pg` pool. The application ends the pool, and the store does not change the pool's settings. Set the pool's
   * `statement_timeout` slightly above evt's `timeoutMs`, to limit statements that the store cannot cancel.
   */
  readonly pool: PgPool;
  /** The schema in which `migrate` created the tables. @defaultValue "evt" */
  readonly schema?: string | undefined;
  /**
   * Whether to prepare frequent statements once on each connection, which saves time. Set `false` for a pooler with
   * transaction pooling that does not support prepared statements, such as PgBouncer before 1.21.
   * @defaultValue true
   */
  readonly preparedStatements?: boolean | undefined;
  /**
   * The number of inserts after which the store folds their tallies into rollups. Folding uses one more connection.
   * An insert that adds to more than 16 totals counts as several. Tallies of fewer inserts are folded after about 30
   * seconds. Totals include tallies that are not folded yet, so they are exact, but slower to read. 0 disables
   * folding in the store and leaves it to `maintain`. @defaultValue 1_024
   */
  readonly foldEvery?: number | undefined;
  /**
   * The clock that decides when the claim of an event without key and timestamp lapses. `"database"` uses Postgres's
   * clock, so hosts whose clocks differ agree. `"caller"` uses each host's clock, for tests that inject time.
   * @defaultValue "database"
   */
  readonly clock?: LapsingClock | undefined;
  /**
   * Called with the errors of folding, which runs in the background. After an error, totals remain exact but slower
   * to read, and the store tries again within a minute. Errors of the listener are ignored. Default: a process
   * warning, once for each message.
   */
  readonly onUpkeepError?: ((error: unknown) => void) | undefined;
  /**
   * Called with each slice that this store folded, for metrics. Must return soon. Errors of the listener are ignored.
   * Default: none.
   */
  readonly onFold?: ((slice: FoldedSlice) => void) | undefined;
}

/** The tallies that are not folded in the database, and the state of this store's folds. */
export interface FoldingState extends Unfolded, FolderState {}

/** Options of {@link PostgresStore.foldingState}. */
export interface FoldingStateOptions {
  /** Aborts the call. Default: a timeout after 10 seconds. */
  readonly signal?: AbortSignal | undefined;
}

const STATE_TIMEOUT_MS = 10_000;

const CLOCKS: readonly LapsingClock[] = ["database", "caller"];

const OPTIONS = Object.keys({
  pool: true,
  schema: true,
  preparedStatements: true,
  foldEvery: true,
  clock: true,
  onUpkeepError: true,
  onFold: true,
} satisfies Record<keyof PostgresStoreOptions, true>);

/** Rows with totals, and the data from which they were computed. */
interface Totals {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly from: TotalsSource;
}

/**
 * The store on Postgres 15 and later. Create its schema with `migrate`. If the schema does not fit this version of
 * the package, every operation fails with `EVT_SCHEMA_OUTDATED`.
 * @example
 * ```ts
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, statement_timeout: 15_000 });
 * await migrate(pool);
 *
 * const evt = createEvt({ store: new PostgresStore({ pool }) });
 * await evt.tenant("acme").ingest({ client: "shop", metric: "purchase", amount: "12.50", eventId: "order-17" });
 * ```
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
  readonly #texts: PreparedTexts;
  readonly #folder: Folder;
  readonly #combinations: Combinations;

  /** @throws TypeError if an option is unknown or invalid */
  constructor(options: PostgresStoreOptions) {
    checkKnown("PostgresStore", options, OPTIONS);
    const {
      pool,
      schema = "evt",
      preparedStatements = true,
      foldEvery = 1_024,
      clock = "database",
      onUpkeepError,
      onFold,
    } = options;
    if (typeof pool?.connect !== "function")
      throw new TypeError("PostgresStore needs a pool, such as new pg.Pool()");
    checkWhole("foldEvery", foldEvery, 0);
    checkOneOf("clock", clock, CLOCKS);
    checkListener("onUpkeepError", onUpkeepError);
    checkListener("onFold", onFold);
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
      onFold: (slice) => callListener(() => onFold?.(slice)),
    });
    this.#combinations = new Combinations(quoted);
    this.#insert = {
      copy: new RecordCopy(quoted),
      insert: new InsertStatement(quoted, prepare, clock),
      holders: new HoldersStatement(quoted, prepare, clock),
      partitions: new Partitions(quoted, prepare),
      resends: new Resends(),
      writers: new ByteWriters(),
      combinations: this.#combinations,
      onTallied: (cells) => this.#folder.note(cells),
    };
    this.#replay = {
      ...this.#insert,
      schema: quoted,
      replay: new ReplayStatement(quoted, prepare, clock),
    };
    this.#note = new NoteStatement(quoted, prepare);
    this.#texts = new PreparedTexts(prepare);
    this.#park = new ParkStatement(quoted, prepare, clock);
    this.#get = new GetStatement(quoted, prepare);
  }

  async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    if (records.length === 0) return [];
    await this.#folder.slowDown(records.length);
    return this.#connections.run(call, (session) => insertRecords(records, this.#insert, session));
  }

  async holders(records: readonly EventRecord[], call: StoreCall): Promise<readonly (Holder | null)[]> {
    if (records.length === 0) return [];
    return this.#connections.run(call, (session) =>
      currentHolders(records, this.#insert, session, call.rawChars),
    );
  }

  async park(events: readonly ParkedEvent[], call: StoreCall): Promise<void> {
    if (events.length === 0) return;
    const query = await this.#park.with(events);
    await this.#connections.run(call, (session) => session.query(query));
  }

  async get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]> {
    if (ids.length === 0) return [];
    const rows = await this.#connections.run(call, ({ query }) =>
      query(this.#get.with(tenantId, ids, call.rawChars)),
    );
    return entriesByOrdinal(rows, ids.length);
  }

  async list(query: EntryQuery, call: StoreCall): Promise<EntryPage> {
    const { rawChars } = call;
    const rows = await this.#connections.run(call, async (session) => {
      const found = await session.query(listQuery(this.#schema, query, rawChars));
      return needsBudget(found, rawChars)
        ? session.query(boundedListQuery(this.#schema, query, rawChars))
        : found;
    });
    return entryPage(rows, query.limit, rawChars);
  }

  keepTotals(combinations: readonly TotalsCombination[]): void {
    this.#combinations.want(combinations);
  }

  async aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]> {
    const { rows, from } = await this.#connections.run(call, (session) => this.#totals(query, session.query));
    call.onTotalsFrom?.(from);
    return aggregateRows(rows, query);
  }

  async #totals(query: AggregateQuery, run: Query): Promise<Totals> {
    if (!needsEvents(query))
      return { rows: await run(this.#texts.of(aggregateQuery(this.#schema, query))), from: "rollups" };
    const combination = combinationFor(query, await this.#combinations.known(run));
    if (combination !== undefined) {
      const rows = await run(this.#texts.of(combinationQuery(this.#schema, query, combination)));
      if (areComplete(rows)) return { rows, from: "rollups" };
    }
    return { rows: await run(this.#texts.of(totalsOfEvents(this.#schema, query))), from: "events" };
  }

  async names(query: NameQuery, call: StoreCall): Promise<readonly SeenName[]> {
    const rows = await this.#connections.run(call, async (session) => {
      const page = await session.query(namesQuery(this.#schema, query));
      return needsEachName(page) ? session.query(eachNameQuery(this.#schema, query)) : page;
    });
    return rows.map(seenName);
  }

  async reasons(query: ReasonQuery, call: StoreCall): Promise<readonly ReasonCount[]> {
    const rows = await this.#connections.run(call, (session) =>
      session.query(reasonsQuery(this.#schema, query)),
    );
    return rows.map(reasonCount);
  }

  async replay(replays: readonly Replay[], call: StoreCall): Promise<readonly ReplayOutcome[]> {
    if (replays.length === 0) return [];
    return this.#connections.run(call, (session) => replayRecords(replays, this.#replay, session));
  }

  async note(tenantId: string, attempts: readonly ReplayAttempt[], call: StoreCall): Promise<void> {
    if (attempts.length === 0) return;
    await this.#connections.run(call, ({ query }) => query(this.#note.with(tenantId, attempts)));
  }

  async history(tenantId: string, id: string, call: StoreCall): Promise<readonly ReplayAttempt[]> {
    const query = historyQuery(this.#schema, tenantId, id);
    const rows = await this.#connections.run(call, (session) => session.query(query));
    return rows.map(attempt);
  }

  /**
   * Returns what is not folded, and the state of this store's folds. Counts at most 100,000 tallies, and does not read
   * their cells.
   * @throws EvtError such as `EVT_STORE_UNAVAILABLE` if the database does not respond in time or the signal aborts
   * @example
   * ```ts
   * const { cells, oldestMs, delaysInserts, error } = await store.foldingState();
   * ```
   */
  async foldingState(options: FoldingStateOptions = {}): Promise<FoldingState> {
    checkKnown("foldingState", options, ["signal"]);
    const { signal = AbortSignal.timeout(STATE_TIMEOUT_MS) } = options;
    const [row] = await this.#connections.run({ signal }, ({ query }) =>
      query({ text: unfoldedSql(this.#schema) }),
    );
    return { ...unfoldedOf(row), ...this.#folder.state };
  }

  async ping(call: StoreCall): Promise<void> {
    await this.#connections.run(call, async ({ query }) => {
      await this.#check.check(query);
      await ping(this.#schema, query);
    });
  }

  async close(): Promise<void> {
    await this.#folder.close();
    await this.#connections.close();
  }
}

function checkListener(name: string, listener: unknown): void {
  if (listener === undefined || typeof listener === "function") return;
  throw new TypeError(`${name} is ${String(listener)}; it must be a function`);
}
