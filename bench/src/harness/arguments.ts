import { parseArgs } from "node:util";

export interface Arguments {
  /** Objects instead of a table, and nothing else on standard output. */
  readonly json: boolean;
  /** To look, not to measure: less input and fewer rounds. */
  readonly quick: boolean;
  /** The rows that are wanted; none named: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Whether to write the results into `docs/benchmarks.md` and the README. */
  readonly writeDocs: boolean;
  /** Only {@link USAGE} is wanted. */
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [--json] [--quick] [--only NAME]… [--rounds N] [--write-docs] [--help]
Exits with 0 where every bar holds, with 1 where one does not, with 2 where it was called wrongly. --quick judges nobody.`;

/** What the person who started it got wrong; shown as it is, without a stack. */
export class UsageError extends Error {}

const ROUNDS = 5;
const QUICK_ROUNDS = 3;

/** @throws UsageError */
export function argumentsFrom(args: readonly string[], rowNames: readonly string[]): Arguments {
  const {
    json = false,
    quick = false,
    only = [],
    rounds,
    "write-docs": writeDocs = false,
    help = false,
  } = parsed(args);
  for (const name of only) {
    if (!rowNames.includes(name))
      throw new UsageError(`there is no row "${name}"; the rows are: ${rowNames.join(", ")}`);
  }
  if (writeDocs && (quick || only.length > 0))
    throw new UsageError("the documents show a whole run; leave out --quick and --only");
  return { json, quick, only, rounds: roundsFrom(rounds, quick), writeDocs, help };
}

function parsed(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const options = {
    json: flag,
    quick: flag,
    only: { type: "string", multiple: true },
    rounds: { type: "string" },
    "write-docs": flag,
    help: flag,
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function roundsFrom(text: string | undefined, quick: boolean): number {
  if (text === undefined) return quick ? QUICK_ROUNDS : ROUNDS;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`--rounds is "${text}"; it must be a whole number from 1 to 9999`);
}
