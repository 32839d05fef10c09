import type { Readable } from "node:stream";
import type { Inflater } from "./content-encoding.js";

/** What an inflater may have been given beyond what it gave: its own buffers, and headers of the encoding. */
const SLACK_BYTES = 256 * 1024;

/** Bytes that are not what their `Content-Encoding` says. */
export class NotPacked extends Error {}

/** Counts what an inflater is given and gives, and holds the two against each other. */
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
   * Pipes a request into the inflater, which fails once it has been given much more than it gives: parts without
   * content, such as empty members of gzip, would go on for ever.
   * @returns what lets go of the request
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

  /** Behind the end of what is encoded Node leaves bytes unread. @throws NotPacked */
  requireWhole(): void {
    const trailing = this.#given - this.#inflater.bytesWritten;
    if (trailing > 0) throw new NotPacked(`${trailing} bytes follow its end`);
  }

  #count(bytes: number): void {
    this.#given += bytes;
    if (this.#given - this.#inflated <= SLACK_BYTES) return;
    this.#inflater.destroy(new NotPacked(`${this.#given} bytes inflate to ${this.#inflated}`));
  }
}
