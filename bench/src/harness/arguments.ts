import { parseArgs } from "node:util";

export interface Arguments {
  /** Whether to print only JSON lines to standard output, instead of a table. */
  readonly json: boolean;
  /** Whether to run with less input and fewer rounds. Bars are not checked. */
  readonly quick: boolean;
  /** Whether to store five million events of many series instead of one million. */
  readonly full: boolean;
  /** The names of the rows to run. Empty: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Whether to write the results into `docs/benchmarks.md` and the README. */
  readonly writeDocs: boolean;
  /** Whether to print {@link USAGE} and end. */
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [--json] [--quick | --full] [--only NAME]… [--rounds N] [--write-docs] [--help]
Exit codes: 0 if every bar holds, 1 if a bar does not hold, 2 for wrong arguments. --quick does not check bars.`;

/** A mistake in the arguments. Its message is printed without a stack trace. */
export class UsageError extends Error {}

const ROUNDS = 5;
const QUICK_ROUNDS = 3;

/** Parses the command line. @throws UsageError if an argument is wrong */
export function argumentsFrom(args: readonly string[], rowNames: readonly string[]): Arguments {
  const {
    json = false,
    quick = false,
    full = false,
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
    throw new UsageError("the documents show a whole run; omit --quick and --only");
  if (quick && full) throw new UsageError("--quick and --full exclude each other; omit one");
  return { json, quick, full, only, rounds: roundsFrom(rounds, quick), writeDocs, help };
}

function parsed(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const options = {
    json: flag,
    quick: flag,
    full: flag,
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
