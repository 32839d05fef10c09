import { EvtError } from "../evt-error.js";
import type { QueueLimits } from "./queue-limits.js";
import type { Ticket } from "./ticket.js";
import type { WaitingLine } from "./waiting-line.js";

/** The share of the limits that a tenant may use, even if other tenants have filled the queue. */
const TENANT_SHARE = 1 / 4;

/** Decides whether a call may wait. A full queue refuses each call, unless its tenant has few waiting records. */
export class QueueRoom {
  readonly #waiting: WaitingLine;
  readonly #limits: Pick<QueueLimits, "waitingRecords" | "waitingChars">;

  constructor(waiting: WaitingLine, limits: Pick<QueueLimits, "waitingRecords" | "waitingChars">) {
    this.#waiting = waiting;
    this.#limits = limits;
  }

  /** @throws EvtError `EVT_OVERLOADED` if there is no room for the call */
  check(ticket: Ticket): void {
    const { waitingRecords, waitingChars } = this.#limits;
    // a call larger than the limit may wait if the queue is empty, because it could never run otherwise
    const isFull =
      !this.#waiting.isEmpty &&
      (this.#waiting.records + ticket.waiting > waitingRecords ||
        this.#waiting.chars + ticket.waitingChars > waitingChars);
    if (isFull && !this.#hasShare(ticket.tenantId, ticket.waiting, ticket.waitingChars))
      throw this.#overloaded(ticket.tenantId);
  }

  /**
   * Returns the error for one more event if the queue is full and the tenant has used its share, or `null`. Without a
   * tenant id, no share applies.
   */
  refusal(tenantId?: string): EvtError | null {
    if (this.#waiting.records < this.#limits.waitingRecords) return null;
    if (tenantId !== undefined && this.#hasShare(tenantId, 1, 0)) return null;
    return this.#overloaded(tenantId ?? null);
  }

  /** Returns whether a tenant may add records although the queue is full. */
  #hasShare(tenantId: string | null, records: number, chars: number): boolean {
    const { waitingRecords, waitingChars } = this.#limits;
    const own = this.#waiting.of(tenantId);
    const [someRecords, someChars] = [waitingRecords * TENANT_SHARE, waitingChars * TENANT_SHARE];
    return (
      tenantId !== null &&
      own.records + records <= someRecords &&
      own.chars + chars <= someChars &&
      this.#waiting.records + records <= waitingRecords + someRecords &&
      this.#waiting.chars + chars <= waitingChars + someChars
    );
  }

  #overloaded(tenantId: string | null): EvtError {
    const { waitingRecords, waitingChars } = this.#limits;
    const own = tenantId === null ? "" : `, ${this.#waiting.of(tenantId).records} of them from this tenant`;
    const message = `${this.#waiting.records} events are waiting${own}; the limit is ${waitingRecords} events or ${waitingChars} characters. Nothing was stored: send again later`;
    return new EvtError("EVT_OVERLOADED", message);
  }
}
