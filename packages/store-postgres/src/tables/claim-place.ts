import type { IdentifiedBy } from "@evt/core/store";
import { ByteWriter } from "../wire/byte-writer.js";

/** The fields of an event that determine the place of its claim. */
export interface ClaimSource {
  readonly identifiedBy: IdentifiedBy;
  readonly idempotencyKey: string | null;
  readonly timestamp: string;
  readonly receivedAt: string;
}

const KEY_BYTES = 32;

/**
 * Writes the place of a claim. In the primary key of `claim`, the place comes before the identity. So claims of about the
 * same time are together in the index. If content identifies the event, the place is the event's time. If a key identifies
 * the event, the place is the beginning of the key, because keys usually rise (sequences, ULIDs, UUIDv7).
 *
 * An identity is a hash. Without the place, each insert would go to another page of the index. With ten million
 * claims, that page is not in memory, and after a checkpoint Postgres writes the whole page to the WAL.
 *
 * Equal identities have equal places: the place depends on fields that the identity is a hash of, or on `receivedAt`,
 * which is the same for one receipt.
 */
export function writePlace(writer: ByteWriter, source: ClaimSource): void {
  switch (source.identifiedBy) {
    case "content":
      return writer.sortableInstant(source.timestamp);
    case "key":
      return writer.textPrefix(source.idempotencyKey ?? "", KEY_BYTES);
    case "receipt":
      return writer.sortableInstant(source.receivedAt);
    case "window":
      return writer.textPrefix("", 0);
  }
}

/** Returns the place as hex digits. */
export function placeHex(source: ClaimSource): string {
  const writer = new ByteWriter(128);
  writePlace(writer, source);
  return writer.written(4).toString("hex");
}
