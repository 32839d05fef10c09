import { ByteWriter } from "./byte-writer.js";

const FIRST_SIZE = 64 * 1024;
/**
 * The largest buffer that the pool keeps, in bytes. Almost every batch fits into it. A larger buffer is dropped after
 * use.
 */
const LARGEST_KEPT = 16 * 1024 * 1024;
const MOST_KEPT = 8;

/**
 * A pool of writers. A batch can need a megabyte or more. In a measurement, allocating a new buffer for each batch
 * cost more than all the encoding, because it started the garbage collector several times a second.
 */
export class ByteWriters {
  readonly #idle: ByteWriter[] = [];

  borrow(): ByteWriter {
    return this.#idle.pop() ?? new ByteWriter(FIRST_SIZE);
  }

  /**
   * Gives a writer back to the pool. Do not call it while the writer's bytes are in use, for example while they wait
   * to be sent.
   */
  giveBack(writer: ByteWriter): void {
    if (this.#idle.length >= MOST_KEPT || writer.capacity > LARGEST_KEPT) return;
    writer.clear();
    this.#idle.push(writer);
  }
}
