import type { Load } from "../load/load.js";

/** What the rows of the contest share. */
export interface Arena {
  /** The server's, as its superuser. */
  readonly url: string;
  readonly load: Load;
  /** Batches under way at once, each over a connection of its own. */
  readonly writers: number;
  /** Batches sent before the clock starts. */
  readonly warmUpBatches: number;
  /** Events of the row that sends them one at a time: the first ones of the load. */
  readonly singleEvents: number;
  /** Told what the tables hold in the end by those who must leave the same there. */
  readonly agree: (digest: string) => void;
}
