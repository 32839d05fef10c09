import { startLocalPostgres } from "@evt/local-postgres";
import pg from "pg";
import type { Arguments } from "./arguments.js";
import type { Contest } from "./contest.js";
import { machine, versions } from "./machine.js";
import { interleavedRounds } from "./rounds.js";
import { selectedRows } from "./selection.js";
import { type Standing, standings } from "./standing.js";

export interface Results {
  /** Lines about the machine, the versions and the method. */
  readonly about: readonly string[];
  readonly standings: readonly Standing[];
}

type Asked = Pick<Arguments, "only" | "quick" | "full" | "rounds">;

/** Runs the contests one by one, on a Postgres that only the bench uses. */
export async function run(
  contests: readonly Contest[],
  asked: Asked,
  onProgress: (line: string) => void,
): Promise<Results> {
  const server = await startLocalPostgres({ onNotice: onProgress });
  try {
    const about = [machine(), await versionsAt(server.url), methodOf(asked)];
    const all: Standing[] = [];
    for (const contest of contests) all.push(...(await hold(contest, asked, server.url, onProgress)));
    return { about, standings: all };
  } finally {
    await server.stop();
  }
}

async function hold(contest: Contest, asked: Asked, url: string, onProgress: (line: string) => void) {
  const { only, quick, full } = asked;
  const rows = selectedRows(contest.rows, only);
  if (rows.length === 0) return [];
  const rounds = Math.min(asked.rounds, contest.maxRounds ?? asked.rounds);
  const wanted = new Set(rows.map((row) => row.name));
  const { measures, dispose } = await contest.prepare({ url, quick, full, onProgress }, wanted);
  const chosen = new Map([...measures].filter(([name]) => wanted.has(name)));
  const onMeasured = (row: string, value: number, round: number) => {
    const figure = value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
    onProgress(`${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}: ${row} ${figure}`);
  };
  try {
    return standings(rows, await interleavedRounds(chosen, { rounds, onMeasured }));
  } finally {
    await dispose?.();
  }
}

async function versionsAt(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await versions(client);
  } finally {
    await client.end();
  }
}

function methodOf({ rounds, quick, full }: Asked): string {
  const method = `Interleaved rounds: ${rounds}, after one warm-up round. Values are medians; a ratio is the median of the rounds' ratios`;
  if (full) return `${method}. Five million events of many series instead of a million`;
  return quick
    ? `${method}. Quick run, not for publication, with half a million stored events instead of ten million, and a hundred thousand of many series instead of a million`
    : method;
}
