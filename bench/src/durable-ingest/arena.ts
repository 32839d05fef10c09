import type { Load } from "../load/load.js";

/** The input that all rows of the contest have in common. */
export interface Arena {
  /** The URL of the server, with the role of a superuser. */
  readonly url: string;
  readonly load: Load;
  /** The number of batches that are written at the same time, each over its own connection. */
  readonly writers: number;
  /** Batches before the measurement. */
  readonly warmUpBatches: number;
  /** The number of events, from the start of the load, that are sent one by one. */
  readonly singleEvents: number;
  /** Called with the digest of a contestant's tables, by the contestants that must store the same rows. */
  readonly agree: (digest: string) => void;
}
