import { History } from "./history.js";
import { sendUntilSettled, type Target } from "./send.js";
import { newEvents } from "./sent-event.js";

const SENDERS = 4;
const LARGEST_BATCH = 12;
/** The pause between a sender's batches, so that a fault affects requests in all stages. */
const REST_MS = 2;

/** Senders that send batch after batch. Each batch is sent until all its outcomes are definite. */
export class Traffic {
  readonly history = new History();
  readonly #target: () => Target;
  readonly #senders: Promise<void>[];
  #stopped = false;

  constructor(target: () => Target, senders = SENDERS) {
    this.#target = target;
    this.#senders = Array.from({ length: senders }, (_, i) => this.#send(i));
  }

  /** Resolves after this many more definite outcomes. */
  async settled(more: number): Promise<void> {
    const wanted = this.history.settledAt.length + more;
    for (const began = performance.now(); this.history.settledAt.length < wanted; ) await moment(began);
  }

  /** Returns the time from `since` to the first definite outcome. */
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

  /** Stops the senders, and resolves when every event has a definite outcome. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#senders);
  }

  /** Stops the senders without waiting for them. Their later errors are ignored. */
  abandon(): void {
    this.#stopped = true;
    for (const sender of this.#senders) sender.catch(() => undefined);
  }

  async #send(sender: number): Promise<void> {
    for (let batch = 0; !this.#stopped; batch++) {
      const size = 1 + ((sender * 5 + batch * 7) % LARGEST_BATCH);
      await sendUntilSettled(newEvents(size, this.#target().tenantId), this.#target, this.history);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}

/** If there is no definite outcome for this long, the server is considered not to recover. */
const MAX_RECOVERY_MS = 90_000;

async function moment(began: number): Promise<void> {
  if (performance.now() - began > MAX_RECOVERY_MS)
    throw new Error(`no event got a definite outcome within ${MAX_RECOVERY_MS} ms`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
