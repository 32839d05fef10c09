import type { AggregateQuery, TotalsCombination } from "@evt/core/store";
import type { Query } from "../connection/connections.js";

/** A combination of a schema, as one process last read it. Its totals may be incomplete. */
export interface Combination extends TotalsCombination {
  readonly id: number;
}

/** The schema's combinations are read again after this time. */
const FRESH_MS = 30_000;
/** A process notes that it wants its combinations at most this often. */
const NOTED = "1 hour";

/**
 * The combinations of a schema. Every process that inserts must know them, because the tallies need their dimensions.
 * Totals are exact even if a process knows them late: its tallies leave a gap, which `maintain` fills.
 */
export class Combinations {
  readonly #schema: string;
  #wanted: readonly TotalsCombination[] = [];
  /** Whether an insert of this process has stored the wanted combinations. */
  #isNoted = true;
  #known: readonly Combination[] | undefined;
  #names: readonly string[] = [];
  #readAt = 0;
  #isReading = false;

  /** `schema` is a quoted identifier. */
  constructor(schema: string) {
    this.#schema = schema;
  }

  /** Sets the combinations that this process wants. The next insert stores them. */
  want(combinations: readonly TotalsCombination[]): void {
    this.#wanted = combinations;
    this.#isNoted = combinations.length === 0;
  }

  /** Returns the combinations of the schema. */
  async known(query: Query): Promise<readonly Combination[]> {
    if (this.#isStale()) await this.#refresh(query);
    return this.#known ?? [];
  }

  /** Returns the dimensions that tallies must have, and stores the wanted combinations if necessary. */
  async tallied(query: Query): Promise<readonly string[]> {
    if (this.#isStale() || !this.#isNoted) {
      if (this.#wanted.length > 0) {
        await query({ text: noteSql(this.#schema), values: [JSON.stringify(this.#wanted)] });
        this.#isNoted = true;
      }
      await this.#refresh(query);
    }
    return this.#names;
  }

  #isStale(): boolean {
    if (this.#known === undefined) return true;
    return !this.#isReading && performance.now() - this.#readAt > FRESH_MS;
  }

  async #refresh(query: Query): Promise<void> {
    this.#isReading = true;
    try {
      const rows = await query({ text: readSql(this.#schema) });
      this.#known = rows.map(combination);
      this.#names = [...new Set(this.#known.flatMap(({ byDimensions }) => byDimensions))].sort();
      this.#readAt = performance.now();
    } finally {
      this.#isReading = false;
    }
  }
}

const readSql = (schema: string) => `
select id::text as id, by_client::text as by_client, by_metric::text as by_metric,
       array_to_json(dimensions)::text as dimensions
  from ${schema}.combination order by id`;

const noteSql = (schema: string) => `
insert into ${schema}.combination as known (by_client, by_metric, dimensions)
select (wanted ->> 'byClientId')::boolean, (wanted ->> 'byMetric')::boolean,
       array(select name from json_array_elements_text(wanted -> 'byDimensions') as name order by name collate "C")
  from json_array_elements($1::json) as wanted
 order by 1, 2, 3
on conflict (by_client, by_metric, dimensions) do update set wanted_at = excluded.wanted_at
 where known.wanted_at < excluded.wanted_at - interval '${NOTED}'`;

function combination(row: Readonly<Record<string, unknown>>): Combination {
  return {
    id: Number(row["id"]),
    byClientId: row["by_client"] === "true",
    byMetric: row["by_metric"] === "true",
    byDimensions: JSON.parse(String(row["dimensions"])) as readonly string[],
  };
}

/** Returns the combination with the fewest keys that has all keys of the query, or `undefined` if none has them. */
export function combinationFor(
  query: AggregateQuery,
  combinations: readonly Combination[],
): Combination | undefined {
  const names = dimensionsOf(query);
  const needsClient = query.byClientId || query.clientId !== undefined;
  const needsMetric = query.byMetric || query.metric !== undefined;
  return combinations
    .filter(
      ({ byClientId, byMetric, byDimensions }) =>
        (byClientId || !needsClient) &&
        (byMetric || !needsMetric) &&
        names.every((name) => byDimensions.includes(name)),
    )
    .sort((left, right) => cost(left) - cost(right))[0];
}

/** The dimensions by which a query groups or filters. */
function dimensionsOf({ byDimensions = [], dimensions = {} }: AggregateQuery): readonly string[] {
  return [...byDimensions, ...Object.keys(dimensions)];
}

/** Clients usually have the most values. */
function cost({ byClientId, byMetric, byDimensions }: Combination): number {
  return (byClientId ? 100 : 0) + (byMetric ? 1 : 0) + byDimensions.length;
}
