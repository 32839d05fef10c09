import { type Migration, PAGES_PER_SLICE, type Step } from "./index.js";
import { checksum, journalTable } from "./journal.js";

/** Returns the step with SQL that also writes its row of the journal, so that `migrate` knows the step afterwards. */
export function byHand(quoted: string, step: Step): Migration {
  const { version, name } = step;
  const parts = [version === 1 ? beginning(quoted) : "", statements(quoted, step), journalRow(quoted, step)];
  return { version, name, sql: parts.filter((part) => part !== "").join("\n") };
}

const beginning = (quoted: string) => `create schema if not exists ${quoted};\n${journalTable(quoted)};`;

function statements(quoted: string, step: Step): string {
  if (step.kind === "slices") return inSlices(quoted, step);
  return step.sql.trimEnd().endsWith(";") ? step.sql : `${step.sql};`;
}

/** A block that commits after every slice. */
const inSlices = (quoted: string, { sql, table }: Step & { readonly kind: "slices" }) => `do $slices$
declare
  page bigint := 0;
begin
  while page * current_setting('block_size')::bigint < pg_relation_size('${quoted}.${table}') loop
    execute $slice$${sql}$slice$ using format('(%s,0)', page)::tid, format('(%s,0)', page + ${PAGES_PER_SLICE})::tid;
    commit;
    page := page + ${PAGES_PER_SLICE};
  end loop;
end
$slices$;`;

const journalRow = (quoted: string, step: Step) =>
  `insert into ${quoted}.migration (version, name, checksum, oldest_compatible)
values (${step.version}, '${step.name}', '${checksum(step)}', ${step.oldestCompatible ?? 1});`;
