import type { Identifier } from "../identity/identifier.js";
import type { MappingChoice } from "../normalize/mapping-choice.js";
import type { RawPolicy } from "../normalize/raw-text.js";
import type { Outcome } from "../outcome.js";
import type { GroupCommit } from "../queue/group-commit.js";
import type { UnderWay } from "../queue/under-way.js";
import type { BatchTwins } from "./batch-twins.js";
import type { ParkOptions } from "./park.js";

/** The dependencies of ingesting. */
export interface IngestContext extends ParkOptions {
  readonly choice: MappingChoice;
  readonly raw: RawPolicy;
  readonly identifier: Identifier;
  readonly queue: GroupCommit;
  /**
   * The calls that have not yet returned. `close` waits for them, because a call parks events after the queue has
   * returned their results.
   */
  readonly underWay: UnderWay;
  readonly onOutcome: ((outcome: Outcome, tenantId: string) => void) | undefined;
  /** Maximum total size of the holders' raw events in the results of one call, in characters. */
  readonly rawChars: number;
  /** Maximum number of events in all envelopes of one call. */
  readonly unwrappedEvents: number;
  /** Maximum size of the stored raw events that one call reads for comparison, in characters. */
  readonly comparedRawChars: number;
  readonly timeoutMs: number;
  readonly batchTwins: BatchTwins;
}
