import { parseArgs } from "node:util";

export interface Arguments {
  /** The names of the faults to run. Empty: all. */
  readonly names: readonly string[];
  /** The number of rounds of each fault. `undefined`: each fault's own number. */
  readonly rounds: number | undefined;
  readonly seed: number;
  /** Whether to print one JSON object per line instead of a table. */
  readonly json: boolean;
  /** Whether to run only a few rounds of each fault. */
  readonly short: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run faults -- [F1 F7 …] [--rounds N] [--seed N] [--short] [--json] [--help]
Exit codes: 0 if no event was lost or counted twice, nothing was unexpected and all totals are exact; 1 otherwise; 2 for wrong arguments.`;

/** A mistake in the arguments. Its message is printed without a stack trace. */
export class UsageError extends Error {}

/** Parses the command line. @throws UsageError if an argument is wrong */
export function argumentsFrom(
  args: readonly string[],
  names: readonly string[],
  fallbackSeed: number,
): Arguments {
  const { values, positionals } = parsed(args);
  const wanted = positionals.map((name) => name.toUpperCase());
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no fault ${unknown}; the faults are: ${names.join(" ")}`);
  const { json = false, short = false, help = false } = values;
  return {
    names: wanted,
    rounds: whole("rounds", values.rounds, 1),
    seed: whole("seed", values.seed, 0) ?? fallbackSeed,
    json,
    short,
    help,
  };
}

function parsed(args: readonly string[]) {
  const flag = { type: "boolean" } as const;
  const text = { type: "string" } as const;
  const options = { rounds: text, seed: text, json: flag, short: flag, help: flag } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`--${name} is "${text}"; it must be a whole number of at least ${least}`);
}
