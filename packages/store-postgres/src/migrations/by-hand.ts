import type { Migration, Step } from "./index.js";
import { checksum, journalTable } from "./journal.js";

/**
 * Returns the step with SQL that also adds the step to the journal, so that `migrate` knows that the step was
 * applied. The SQL of step 1 also creates the schema and the journal.
 */
export function byHand(quoted: string, step: Step): Migration {
  const { version, name } = step;
  const parts = [version === 1 ? creation(quoted) : "", statements(step), journalRow(quoted, step)];
  return { version, name, sql: parts.filter((part) => part !== "").join("\n") };
}

const creation = (quoted: string) => `create schema if not exists ${quoted};\n${journalTable(quoted)};`;

function statements(step: Step): string {
  const sql = inTransaction(step).trimEnd();
  return sql.endsWith(";") ? sql : `${sql};`;
}

/**
 * Returns SQL that can run in a transaction. Slices become one statement for the whole table. Building a missing
 * index blocks writers.
 */
function inTransaction({ kind, sql }: Step): string {
  if (kind === "slices") return sql.replaceAll("$1", "'(0,0)'").replaceAll("$2", "'(4294967295,0)'");
  if (kind === "index") return sql.replace("create index concurrently", "create index if not exists");
  return sql;
}

const journalRow = (quoted: string, step: Step) =>
  `insert into ${quoted}.migration (version, name, checksum, oldest_compatible)
values (${step.version}, '${step.name}', '${checksum(step)}', ${step.oldestCompatible ?? 1});`;
