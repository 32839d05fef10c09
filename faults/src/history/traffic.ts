import { History } from "./history.js";
import { sendUntilTold, type Target } from "./send.js";
import { newEvents } from "./sent-event.js";

const SENDERS = 4;
const LARGEST_BATCH = 12;
/** Between two batches of a sender: the fault is to hit all stages of many requests, not to be drowned in them. */
const REST_MS = 2;

/** Senders that send batch after batch, each until it is told, as long as they are let. */
export class Traffic {
  readonly history = new History();
  readonly #target: () => Target;
  readonly #senders: Promise<void>[];
  #stopped = false;

  constructor(target: () => Target, senders = SENDERS) {
    this.#target = target;
    this.#senders = Array.from({ length: senders }, (_, i) => this.#send(i));
  }

  /** Resolves when so many more answers have settled something. */
  async settled(more: number): Promise<void> {
    const wanted = this.history.settledAt.length + more;
    for (const began = performance.now(); this.history.settledAt.length < wanted; ) await moment(began);
  }

  /** How long after `since` the first answer came that settled something. */
  async recoveredAfter(since: number): Promise<number> {
    const began = performance.now();
    for (let seen = 0; ; ) {
      for (; seen < this.history.settledAt.length; seen++) {
        const at = this.history.settledAt[seen] as number;
        if (at > since) return at - since;
      }
      await moment(began);
    }
  }

  /** Resolves when everything that was sent is told. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#senders);
  }

  /** Nobody wants to know any more. */
  abandon(): void {
    this.#stopped = true;
    for (const sender of this.#senders) sender.catch(() => undefined);
  }

  async #send(sender: number): Promise<void> {
    for (let batch = 0; !this.#stopped; batch++) {
      const size = 1 + ((sender * 5 + batch * 7) % LARGEST_BATCH);
      await sendUntilTold(newEvents(size, this.#target().tenantId), this.#target, this.history);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}

/** A service that settles nothing for so long is not coming back. */
const COMING_BACK_MS = 90_000;

async function moment(began: number): Promise<void> {
  if (performance.now() - began > COMING_BACK_MS)
    throw new Error(`nothing was settled within ${COMING_BACK_MS} ms`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
