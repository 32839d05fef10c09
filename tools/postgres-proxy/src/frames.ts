/** Splits a backend's bytes into messages: a type, the length of the rest, and the rest. */
export class Frames {
  readonly #onFrame: (type: string, frame: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (type: string, frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  add(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 5) {
      const length = 1 + this.#rest.readInt32BE(1);
      if (this.#rest.length < length) return;
      this.#onFrame(String.fromCharCode(this.#rest.readUInt8(0)), this.#rest.subarray(0, length));
      this.#rest = this.#rest.subarray(length);
    }
  }
}
