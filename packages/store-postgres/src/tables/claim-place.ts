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
 * Writes the place of a claim. In the primary key of `claim`, the place comes before the identity. So claims with
 * similar places are together in the index. The place is the event's time if content identifies the event, and the
 * receive time if a receipt does. If a key identifies the event, the place is the beginning of the key, because keys
 * usually rise with time (sequences, ULIDs, UUIDv7). If a window identifies the event, the place is empty.
 *
 * An identity is a hash. Without the place, each insert would change a random page of the index. In a large index,
 * most pages are not in memory, and the first change of a page after a checkpoint writes the whole page to the WAL.
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
