import type { ByteWriter } from "./byte-writer.js";

/** The OIDs of types (`pg_type.oid`), which are the same on every server. */
export const OID = {
  bytea: 17,
  char: 18,
  int8: 20,
  int2: 21,
  text: 25,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
} as const;

/** Writes a one-dimensional array in the format of `array_recv`: a header, then each element, written by `write`. */
export function writeArray<T>(
  writer: ByteWriter,
  oid: number,
  items: readonly T[],
  write: (writer: ByteWriter, item: T) => void,
): void {
  writer.int32(items.length === 0 ? 0 : 1); // dimensions
  writer.int32(1); // nulls are allowed
  writer.int32(oid);
  if (items.length === 0) return;
  writer.int32(items.length);
  writer.int32(1); // the first element's index
  for (const item of items) write(writer, item);
}

/** Writes an array in the same format, preceded by its length in bytes. */
export function writeArrayValue<T>(
  writer: ByteWriter,
  oid: number,
  items: readonly T[],
  write: (writer: ByteWriter, item: T) => void,
): void {
  const lengthAt = writer.length;
  writer.int32(0);
  writeArray(writer, oid, items, write);
  writer.int32At(lengthAt, writer.length - lengthAt - 4);
}
