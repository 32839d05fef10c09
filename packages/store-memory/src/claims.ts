import { type Claim, claimOf, type EventRecord } from "@evt/core/store";
import { sortable } from "./instant.js";

interface HeldClaim {
  readonly claim: Claim;
  readonly lapsesAt: string | null;
}

/** One tenant's claims. */
export class Claims {
  readonly #held = new Map<string, HeldClaim>();

  /**
   * Claims the record's identity and returns `null`. If the identity is taken, returns the claim that holds it. A lapsed
   * claim is free only for the first record of its identity in a call.
   */
  take(record: EventRecord, first: boolean): Claim | null {
    const held = this.#held.get(record.identity);
    if (held !== undefined && (!first || isHeld(held, record.receivedAt))) return { ...held.claim };
    this.#held.set(record.identity, { claim: claimOf(record), lapsesAt: record.lapsesAt });
    return null;
  }

  /** Returns the claim that holds the record's identity, or `null` if the record could claim it. */
  holder({ identity, receivedAt }: EventRecord): Claim | null {
    const held = this.#held.get(identity);
    return held === undefined || !isHeld(held, receivedAt) ? null : { ...held.claim };
  }

  /** Returns true if a claim with this fingerprint holds the identity at that instant. */
  counts(identity: string, fingerprint: string, at: string): boolean {
    const held = this.#held.get(identity);
    return held !== undefined && held.claim.fingerprint === fingerprint && isHeld(held, at);
  }
}

function isHeld({ lapsesAt }: HeldClaim, at: string): boolean {
  return lapsesAt === null || sortable(lapsesAt) > sortable(at);
}
