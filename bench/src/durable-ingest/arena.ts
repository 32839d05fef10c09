import type { Load } from "../load/load.js";

/** The input that the contest's rows share. */
export interface Arena {
  /** The URL of the server, as superuser. */
  readonly url: string;
  readonly load: Load;
  /** The number of batches that are written at the same time, each over its own connection. */
  readonly writers: number;
  /** Batches before the measurement. */
  readonly warmUpBatches: number;
  /** The number of events, from the start of the load, that are sent one by one. */
  readonly singleEvents: number;
  /** Contestants that must store the same rows call it with the digest of their tables. */
  readonly agree: (digest: string) => void;
}
