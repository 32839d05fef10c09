import { isEvtError } from "@evt/core";
import type { PgPool } from "@evt/store-postgres";
import { commandOf, type Printed, runCommand, USAGE, UsageError } from "./run-command.js";

/** The parts of a process that the command uses. */
export interface Terminal {
  readonly args: readonly string[];
  readonly databaseUrl: string | undefined;
  readonly connect: (url: string) => PgPool & { end(): Promise<void> };
  readonly printOut: (line: string) => void;
  readonly printNote: (line: string) => void;
}

/** Runs `evt-keys` and returns its exit code. */
export async function main(terminal: Terminal): Promise<number> {
  try {
    const { out, note } = await run(terminal);
    if (out !== "") terminal.printOut(out);
    terminal.printNote(note);
    return 0;
  } catch (error) {
    terminal.printNote(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : described(error));
    return error instanceof UsageError || error instanceof TypeError ? 2 : 1;
  }
}

async function run({ args, databaseUrl, connect }: Terminal): Promise<Printed> {
  if (args.includes("--help")) return { out: USAGE, note: "" };
  const command = commandOf(args);
  if (databaseUrl === undefined || databaseUrl === "") throw new UsageError("set DATABASE_URL");
  const pool = connect(databaseUrl);
  try {
    return await runCommand(command, pool);
  } finally {
    await pool.end();
  }
}

/** Describes an error for the operator, with the message of Postgres if there is one. */
function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return isEvtError(error) && cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
