import type { SeedStatus } from "../api/seed.js";

/** Whole percent; 100 only when everything is sent. */
export function percentOf(status: SeedStatus | undefined): number {
  if (!status || status.total === 0) return 0;
  return Math.floor((status.sent / status.total) * 100);
}
