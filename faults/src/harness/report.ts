import { markdownTable } from "@evt/figures";
import type { Figures } from "./fault.js";

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly seed: number;
  readonly figures: Figures;
}

/**
 * Returns true if no event was lost or counted twice, nothing was unexpected, all totals are exact and nothing else
 * failed.
 */
export function holds({ figures }: Result): boolean {
  const { lost, twice, unexpected, totalsExact, failures } = figures;
  return lost === 0 && twice === 0 && unexpected === 0 && totalsExact && failures.length === 0;
}

export function jsonLine({ name, rounds, seed, figures }: Result): string {
  const { failures, notes, ...counted } = figures;
  return JSON.stringify({ fault: name, rounds, seed, ...counted, failures, notes });
}

/** Returns a line for each failure, with the command that runs the fault again. */
export function failureLines({ name, title, seed, figures }: Result): readonly string[] {
  return figures.failures.map(
    (failure) =>
      `✗ ${name} ${title}: ${failure.split("\n", 1)[0]} (npm run faults -- ${name} --seed ${seed})`,
  );
}

const HEAD = [
  "fault",
  "rounds",
  "attempts",
  "acknowledged",
  "lost",
  "twice",
  "unexpected",
  "recovered",
  "conflicts",
  "totals",
  "recovery",
  "peak",
] as const;

/** All columns except the fault contain numbers. */
const ALIGNED_RIGHT: ReadonlySet<string> = new Set(HEAD.slice(1));

export function table(results: readonly Result[]): string {
  return markdownTable(HEAD, results.map(cells), ALIGNED_RIGHT);
}

function cells({ name, title, rounds, figures }: Result): readonly string[] {
  const counts = [figures.attempts, figures.acknowledged, figures.lost, figures.twice, figures.unexpected];
  return [
    `${name} ${title}`,
    ...[rounds, ...counts, figures.recovered, figures.conflicts].map((count) =>
      count.toLocaleString("en-US"),
    ),
    figures.totalsExact ? "exact" : "wrong",
    figures.recoveryMs === null ? "" : `${figures.recoveryMs} ms`,
    figures.peakRssMb === null ? "" : `${figures.peakRssMb} MiB`,
  ];
}

/**
 * Returns a sentence with the probability that rounds without a failure rule out (the rule of three: Hanley and
 * Lippman-Hand, 1983).
 */
export function claim(results: readonly Result[]): string {
  const rounds = results.reduce((sum, each) => sum + each.rounds, 0);
  return `No failure in ${rounds.toLocaleString("en-US")} rounds means: a failure has a probability below ${(3 / rounds).toPrecision(2)} per round, at 95 % confidence.`;
}
