import type { Figures } from "./fault.js";

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly rounds: number;
  readonly seed: number;
  readonly figures: Figures;
}

/** Nothing lost, nothing counted twice, nothing that cannot be, every total exact; and what the fault itself expects. */
export function holds({ figures }: Result): boolean {
  const { lost, twice, unexpected, totalsExact, failures } = figures;
  return lost === 0 && twice === 0 && unexpected === 0 && totalsExact && failures.length === 0;
}

export function jsonLine({ name, rounds, seed, figures }: Result): string {
  const { failures, notes, ...counted } = figures;
  return JSON.stringify({ fault: name, rounds, seed, ...counted, failures, notes });
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

/** A table in Markdown, its columns aligned so that it reads as well on a terminal. */
export function table(results: readonly Result[]): string {
  const rows = [HEAD as readonly string[], ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(HEAD), line(rule), ...rows.slice(1).map(line)].join("\n");
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

/** What so many rounds without a failure say (the rule of three: Hanley and Lippman-Hand, 1983). */
export function claim(results: readonly Result[]): string {
  const rounds = results.reduce((sum, each) => sum + each.rounds, 0);
  return `No failure in ${rounds.toLocaleString("en-US")} rounds says: below ${(3 / rounds).toPrecision(2)} a round, at 95 % confidence; it cannot say never.`;
}
