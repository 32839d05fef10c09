import type {
  AggregateQuery,
  AggregateRow,
  Entry,
  EntryPage,
  EntryQuery,
  EventRecord,
  InsertOutcome,
  ParkedEvent,
  Store,
  StoreCall,
} from "@evt/core";
import { aggregateQuery, aggregateRow } from "./aggregate-query.js";
import { Connections } from "./connections.js";
import { entriesByOrdinal, GetStatement } from "./get-statement.js";
import { HoldersStatement } from "./holders-statement.js";
import { type InsertParts, insertRecords } from "./insert-records.js";
import { InsertStatement } from "./insert-statement.js";
import { checkKnown } from "./known-options.js";
import { entryPage, listQuery } from "./list-query.js";
import { ParkStatement } from "./park-statement.js";
import { Partitions } from "./partitions.js";
import type { PgPool } from "./pg-pool.js";
import { ping } from "./ping.js";
import { RollupSlots } from "./rollup-slots.js";
import { quotedSchema } from "./schema-name.js";
import { prepared, unprepared } from "./statement.js";

export interface PostgresStoreOptions {
  /**
   * A `pg` pool of the application. It stays the application's: nothing is set on it, and it is never ended here.
   * Give it `statement_timeout`, so that Postgres gives up when nobody waits any longer.
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
}

const OPTIONS: readonly (keyof PostgresStoreOptions)[] = ["pool", "schema", "preparedStatements"];

/** The store on Postgres 15 and later. Its schema is made by `migrate`, never from here. */
export class PostgresStore implements Store {
  readonly #connections: Connections;
  readonly #schema: string;
  readonly #insert: InsertParts;
  readonly #park: ParkStatement;
  readonly #get: GetStatement;

  /** @throws TypeError where an option is unknown or cannot be meant. */
  constructor(options: PostgresStoreOptions) {
    checkKnown("PostgresStore", options, OPTIONS);
    const { pool, schema = "evt", preparedStatements = true } = options;
    if (typeof pool?.connect !== "function")
      throw new TypeError("PostgresStore needs a pool, such as new pg.Pool()");
    const quoted = quotedSchema(schema);
    const prepare = preparedStatements ? prepared : unprepared;
    this.#connections = new Connections(pool);
    this.#schema = quoted;
    this.#insert = {
      insert: new InsertStatement(quoted, prepare),
      holders: new HoldersStatement(quoted, prepare),
      slots: new RollupSlots(),
      partitions: new Partitions(quoted, prepare),
    };
    this.#park = new ParkStatement(quoted, prepare);
    this.#get = new GetStatement(quoted, prepare);
  }

  async insert(records: readonly EventRecord[], call: StoreCall): Promise<readonly InsertOutcome[]> {
    if (records.length === 0) return [];
    return this.#connections.run(call, (ask) => insertRecords(records, this.#insert, ask));
  }

  async park(events: readonly ParkedEvent[], call: StoreCall): Promise<void> {
    if (events.length === 0) return;
    await this.#connections.run(call, (ask) => ask(this.#park.with(events)));
  }

  async get(tenantId: string, ids: readonly string[], call: StoreCall): Promise<readonly (Entry | null)[]> {
    if (ids.length === 0) return [];
    const rows = await this.#connections.run(call, (ask) => ask(this.#get.with(tenantId, ids)));
    return entriesByOrdinal(rows, ids.length);
  }

  async list(query: EntryQuery, call: StoreCall): Promise<EntryPage> {
    const rows = await this.#connections.run(call, (ask) => ask(listQuery(this.#schema, query)));
    return entryPage(rows, query.limit);
  }

  async aggregate(query: AggregateQuery, call: StoreCall): Promise<readonly AggregateRow[]> {
    const rows = await this.#connections.run(call, (ask) => ask(aggregateQuery(this.#schema, query)));
    return rows.map(aggregateRow);
  }

  async ping(call: StoreCall): Promise<void> {
    await this.#connections.run(call, (ask) => ping(this.#schema, ask));
  }

  async close(): Promise<void> {
    this.#connections.close();
  }
}
