import { EvtError } from "../evt-error.js";
import type { QueueLimits } from "./queue-limits.js";
import type { Ticket } from "./ticket.js";
import type { WaitingLine } from "./waiting-line.js";

/** The share of the queue that each tenant may use, even if other tenants have filled the queue. */
const TENANT_SHARE = 1 / 4;

/** Decides whether a call may wait. A full queue refuses calls, except calls of a tenant with few waiting records. */
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
    // a call larger than the limit may wait alone, because it could never run otherwise
    const isFull =
      !this.#waiting.isEmpty &&
      (this.#waiting.records + ticket.waiting > waitingRecords ||
        this.#waiting.chars + ticket.waitingChars > waitingChars);
    if (isFull && !this.#hasShare(ticket.tenantId, ticket.waiting, ticket.waitingChars))
      throw this.#overloaded(ticket.tenantId);
  }

  /** Returns the error for one more event of a tenant, or `null`. Without a tenant id, a full queue refuses. */
  refusal(tenantId?: string): EvtError | null {
    if (this.#waiting.records < this.#limits.waitingRecords) return null;
    if (tenantId !== undefined && this.#hasShare(tenantId, 1, 0)) return null;
    return this.#overloaded(tenantId ?? null);
  }

  /** Returns whether a tenant has room for more records although other tenants have filled the queue. */
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
    const own = tenantId === null ? "" : `, ${this.#waiting.of(tenantId).records} of them of this tenant`;
    const message = `${this.#waiting.records} events are waiting${own}; the limit is ${waitingRecords} events or ${waitingChars} characters. Nothing was stored: send again later`;
    return new EvtError("EVT_OVERLOADED", message);
  }
}
