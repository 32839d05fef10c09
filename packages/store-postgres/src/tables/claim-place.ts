import type { IdentifiedBy } from "@evt/core";
import { ByteWriter } from "../wire/byte-writer.js";

/** What of an event decides where its claim stands. */
export interface Placed {
  readonly identifiedBy: IdentifiedBy;
  readonly idempotencyKey: string | null;
  readonly timestamp: string;
  readonly receivedAt: string;
}

const KEY_BYTES = 32;

/**
 * Writes the place of a claim: what stands before its identity in the key of `claim`. An identity is a hash, and by
 * itself would send each insert to another page of the index: with ten million claims that page is not in memory, and
 * after a checkpoint it goes into the WAL as a whole. By their places, claims of one time stand together: by the
 * event's time where content identifies it, by how the key begins where keys rise (sequences, ULIDs, UUIDv7).
 *
 * It follows from what the identity is a hash of: equal identities have equal places.
 */
export function writePlace(writer: ByteWriter, placed: Placed): void {
  switch (placed.identifiedBy) {
    case "content":
      return writer.sortableInstant(placed.timestamp);
    case "key":
      return writer.textPrefix(placed.idempotencyKey ?? "", KEY_BYTES);
    case "receipt":
      return writer.sortableInstant(placed.receivedAt);
    case "window":
      return writer.textPrefix("", 0);
  }
}

/** The same as hex digits. */
export function placeHex(placed: Placed): string {
  const writer = new ByteWriter(128);
  writePlace(writer, placed);
  return writer.written(4).toString("hex");
}
