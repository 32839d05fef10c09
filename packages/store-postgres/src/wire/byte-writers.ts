import { ByteWriter } from "./byte-writer.js";

const FIRST_SIZE = 64 * 1024;
/** A batch as large as core makes them fits; what one huge event needed is not kept. */
const LARGEST_KEPT = 16 * 1024 * 1024;
const MOST_KEPT = 8;

/**
 * Writers to be used again. A batch takes a megabyte or more; made anew for each, such buffers press the garbage
 * collector to run several times a second, which was measured to cost more than all the encoding.
 */
export class ByteWriters {
  readonly #idle: ByteWriter[] = [];

  borrow(): ByteWriter {
    return this.#idle.pop() ?? new ByteWriter(FIRST_SIZE);
  }

  /** Only of a writer that nobody reads any more: not of one whose bytes may still wait to be sent. */
  giveBack(writer: ByteWriter): void {
    if (this.#idle.length >= MOST_KEPT || writer.capacity > LARGEST_KEPT) return;
    writer.clear();
    this.#idle.push(writer);
  }
}
