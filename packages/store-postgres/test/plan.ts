import type { PgQuery } from "@evt/store-postgres";
import type pg from "pg";

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Total Cost": number;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A query's work, according to its plan. */
export interface Done {
  /**
   * The planner's estimated cost. Above `jit_above_cost`, 100,000 by default, Postgres compiles the query, which
   * takes long.
   */
  readonly cost: number;
  /** Rows that were read from tables, including filtered rows. */
  readonly read: number;
  /** Rows that were sorted. */
  readonly sorted: number;
  /** The tables that were read by a sequential scan. */
  readonly scanned: readonly string[];
  /** The tables that were read. */
  readonly touched: readonly string[];
}

/** Runs the query, rolls it back, and returns its work according to its plan. */
export async function done(pool: pg.Pool, { text, values = [] }: PgQuery): Promise<Done> {
  const client = await pool.connect();
  try {
    await client.query("begin; set local jit = off");
    const { rows } = await client.query(`explain (analyze, timing off, format json) ${text}`, [...values]);
    return summary(nodesOf(rows[0]["QUERY PLAN"][0].Plan));
  } finally {
    await client.query("rollback");
    client.release();
  }
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function summary(all: readonly PlanNode[]): Done {
  const executed = all.filter((node) => node["Actual Loops"] > 0);
  const tables = executed.filter(
    (node) => node["Relation Name"] !== undefined && node["Node Type"].endsWith("Scan"),
  );
  const name = (node: PlanNode) => node["Relation Name"] ?? "";
  const rows = (node: PlanNode) =>
    (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  const sum = (nodes: readonly PlanNode[]) =>
    Math.round(nodes.reduce((total, node) => total + rows(node), 0));
  return {
    cost: all[0]?.["Total Cost"] ?? Number.POSITIVE_INFINITY,
    read: sum(tables),
    sorted: sum(executed.filter((node) => node["Node Type"].endsWith("Sort"))),
    scanned: tables.filter((node) => node["Node Type"] === "Seq Scan").map(name),
    touched: [...new Set(tables.map(name))].sort(),
  };
}
