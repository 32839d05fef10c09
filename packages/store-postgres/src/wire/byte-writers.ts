import { ByteWriter } from "./byte-writer.js";

const FIRST_SIZE = 64 * 1024;
/** Holds the largest batch that core builds. The larger buffer of one huge event is dropped. */
const LARGEST_KEPT = 16 * 1024 * 1024;
const MOST_KEPT = 8;

/**
 * A pool of writers. A batch takes a megabyte or more. New buffers for each batch would start the garbage collector
 * several times a second, which cost more than all the encoding when measured.
 */
export class ByteWriters {
  readonly #idle: ByteWriter[] = [];

  borrow(): ByteWriter {
    return this.#idle.pop() ?? new ByteWriter(FIRST_SIZE);
  }

  /** Returns a writer to the pool. Its bytes must no longer be in use, for example waiting to be sent. */
  giveBack(writer: ByteWriter): void {
    if (this.#idle.length >= MOST_KEPT || writer.capacity > LARGEST_KEPT) return;
    writer.clear();
    this.#idle.push(writer);
  }
}
