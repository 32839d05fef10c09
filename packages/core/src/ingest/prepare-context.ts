import type { BinaryCloudEvent } from "../cloud-event/binary-mode.js";
import type { Identifier } from "../identity/identifier.js";
import type { MappingChoice } from "../normalize/mapping-choice.js";
import type { RawPolicy } from "../normalize/raw-text.js";
import type { KeylessEvents } from "./keyless-events.js";

/** The data that all events of one call share. */
export interface PrepareContext {
  readonly tenantId: string;
  readonly receivedAt: string;
  /** The vouched client. */
  readonly clientId: string | undefined;
  readonly mapping: string | undefined;
  readonly batchKey: string | undefined;
  /** The numbering that this call continues, if several calls share one. @defaultValue a new numbering */
  readonly keyless?: KeylessEvents | undefined;
  /**
   * The position of the event among equal events, if an earlier call has determined it.
   * @defaultValue the position in this call
   */
  readonly ordinal?: number | undefined;
  /** The time of events without a timestamp. @defaultValue `receivedAt` */
  readonly occurredAt?: string;
  /** The CloudEvent that the headers of the call describe. Its data is the raw event. @defaultValue none */
  readonly cloudEvent?: BinaryCloudEvent | undefined;
  readonly choice: Pick<MappingChoice, "of">;
  readonly raw: RawPolicy;
  readonly identifier: Identifier;
  readonly receiptId: () => string;
  /**
   * Whether these events are never sent again. If so, events with neither key nor timestamp are identified by their
   * receipt.
   */
  readonly sentOnce?: boolean;
  /** Whether these events come from an envelope. @defaultValue false */
  readonly unwrapped?: true | undefined;
}
