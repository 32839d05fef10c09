import type { Readable } from "node:stream";
import type { Inflater } from "./content-encoding.js";

/**
 * A decoder's input may exceed its output by this many bytes, because the decoder buffers input and the encoding has
 * headers.
 */
const SLACK_BYTES = 256 * 1024;

/** Thrown if a body cannot be decoded with its `Content-Encoding`. */
export class NotPacked extends Error {}

/** Compares the sizes of a decoder's input and output. */
export class PackedBody {
  readonly #inflater: Inflater;
  #given = 0;
  #inflated = 0;

  constructor(inflater: Inflater) {
    this.#inflater = inflater;
    inflater.on("data", (chunk: Buffer) => {
      this.#inflated += chunk.length;
    });
  }

  /**
   * Pipes a body into the decoder. Destroys the decoder if its input becomes much larger than its output. Without this check,
   * a client could endlessly send parts without content, such as empty gzip members.
   * @returns a function that unpipes the body
   */
  pipe(sent: Readable): () => void {
    const count = (chunk: Buffer) => this.#count(chunk.length);
    sent.on("data", count).pipe(this.#inflater);
    return () => void sent.off("data", count).unpipe(this.#inflater);
  }

  end(packed: Buffer): void {
    this.#given = packed.length;
    this.#inflater.end(packed);
  }

  /** @throws NotPacked if bytes follow the end of the encoded data. Node ignores such bytes. */
  requireWhole(): void {
    const trailing = this.#given - this.#inflater.bytesWritten;
    if (trailing > 0) throw new NotPacked(`${trailing} bytes follow the end of the encoded data`);
  }

  #count(bytes: number): void {
    this.#given += bytes;
    if (this.#given - this.#inflated <= SLACK_BYTES) return;
    this.#inflater.destroy(new NotPacked(`${this.#given} bytes inflate to ${this.#inflated}`));
  }
}
