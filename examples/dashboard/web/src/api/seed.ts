import { problemFrom } from "./problem.js";
import { request } from "./request.js";

/** The progress of a run that fills the store with real data. */
export interface SeedStatus {
  readonly state: "idle" | "running" | "done" | "failed";
  /** Number of records to send. Each record is sent twice and counts twice. */
  readonly total: number;
  readonly sent: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly elapsedMs: number;
  readonly error: string | null;
  readonly removal: string;
}

async function call(init: RequestInit): Promise<SeedStatus> {
  const response = await request("example/seed", init);
  if (response.status !== 200 && response.status !== 202) throw problemFrom(response.status, response.body);
  return response.body as SeedStatus;
}

export function getSeedStatus(signal?: AbortSignal): Promise<SeedStatus> {
  return call(signal ? { signal } : {});
}

/** Starts to fill the store, unless a run is already active. */
export function startSeeding(): Promise<SeedStatus> {
  return call({ method: "POST", headers: { "content-type": "application/json" } });
}
