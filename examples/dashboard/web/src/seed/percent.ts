import type { SeedStatus } from "../api/seed.js";

/** Returns the progress in whole percent. The result is 100 only after all records were sent. */
export function percentOf(status: SeedStatus | undefined): number {
  if (!status || status.total === 0) return 0;
  return Math.floor((status.sent / status.total) * 100);
}
