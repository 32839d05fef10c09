import { ByteWriter } from "./byte-writer.js";

const FIRST_SIZE = 64 * 1024;
/**
 * The largest buffer that is kept. It is large enough for the largest batch that core builds. Only a huge event needs a
 * larger buffer, which is dropped afterwards.
 */
const LARGEST_KEPT = 16 * 1024 * 1024;
const MOST_KEPT = 8;

/**
 * A pool of writers. A batch takes a megabyte or more. New buffers for each batch would start the garbage collector
 * several times a second. In a measurement, that cost more than all the encoding.
 */
export class ByteWriters {
  readonly #idle: ByteWriter[] = [];

  borrow(): ByteWriter {
    return this.#idle.pop() ?? new ByteWriter(FIRST_SIZE);
  }

  /** Returns a writer to the pool. Do not call it while the writer's bytes are in use, for example while they wait to be sent. */
  giveBack(writer: ByteWriter): void {
    if (this.#idle.length >= MOST_KEPT || writer.capacity > LARGEST_KEPT) return;
    writer.clear();
    this.#idle.push(writer);
  }
}
