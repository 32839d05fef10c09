import type { ByteWriter } from "./byte-writer.js";

/**
 * The beginning of binary COPY data: a signature, flags, no extension
 * (https://www.postgresql.org/docs/current/sql-copy.html).
 */
const FILE_HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const FILE_TRAILER = -1;

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const COPY_DATA = Buffer.from([0x64, 0, 0, 0, 0]);
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** A COPY into one table, as part of a message. */
export class CopyCommand {
  readonly #start: Buffer;
  readonly #fields: number;

  /** `columns` must have the order in which each row's values are written. */
  constructor(table: string, columns: readonly string[]) {
    const text = `copy ${table} (${columns.join(", ")}) from stdin (format binary)`;
    const parse = message("P", Buffer.from(`\0${text}\0\0\0`));
    const bind = message("B", Buffer.alloc(8));
    const execute = message("E", Buffer.alloc(5));
    this.#start = Buffer.concat([parse, bind, execute]);
    this.#fields = columns.length;
  }

  /** Writes the COPY with all its rows. */
  write<T>(writer: ByteWriter, rows: readonly T[], writeRow: (row: T) => void): void {
    writer.bytes(this.#start);
    const at = writer.length;
    writer.bytes(COPY_DATA);
    writer.bytes(FILE_HEADER);
    for (const row of rows) {
      writer.int16(this.#fields);
      writeRow(row);
    }
    writer.int16(FILE_TRAILER);
    writer.int32At(at + 1, writer.length - at - 1);
    writer.bytes(COPY_DONE);
  }
}

/** Writes the end of a message. All COPYs of a message are one transaction. */
export function writeSync(writer: ByteWriter): void {
  writer.bytes(SYNC);
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
