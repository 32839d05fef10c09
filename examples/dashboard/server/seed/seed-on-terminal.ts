import type { SeedJob, SeedStatus } from "./seed-job.js";

const EVERY_MS = 1_000;

/** Fills the store with the real data, and prints the progress once a second. */
export async function seedOnTerminal(job: SeedJob, print: (line: string) => void): Promise<SeedStatus> {
  const timer = setInterval(() => print(progressLine(job.status())), EVERY_MS);
  const status = await job.run().finally(() => clearInterval(timer));
  print(endLine(status));
  return status;
}

function progressLine({ sent, total, processed, duplicates }: SeedStatus): string {
  const percent = total === 0 ? 0 : Math.floor((sent / total) * 100);
  return `seeding: ${percent} % (${processed} processed, ${duplicates} duplicates)`;
}

function endLine({ state, error, processed, duplicates, refused, elapsedMs }: SeedStatus): string {
  if (state === "failed") return `seeding failed: ${error}`;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  return `seeded in ${seconds} s: ${processed} processed, ${duplicates} duplicates, ${refused} refused`;
}
