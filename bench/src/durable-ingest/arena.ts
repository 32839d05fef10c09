import type { Load } from "../load/load.js";

/** The input that the rows of the contest share. */
export interface Arena {
  /** The URL of the server, as superuser. */
  readonly url: string;
  readonly load: Load;
  /** How many batches are written at the same time, each over its own connection. */
  readonly writers: number;
  /** Batches before the measurement. */
  readonly warmUpBatches: number;
  /** How many events, from the beginning of the load, are sent one by one. */
  readonly singleEvents: number;
  /** Called with the digest of the tables by contestants that must store the same rows. */
  readonly agree: (digest: string) => void;
}
