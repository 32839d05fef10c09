import type { Claim, EventRecord } from "@evt/core";
import { sortable } from "./instant.js";

interface HeldClaim extends Claim {
  readonly lapsesAt: string | null;
}

/** Who holds which identity in one tenant. A claim stands by itself: it does not need its event. */
export class Claims {
  readonly #held = new Map<string, HeldClaim>();

  /**
   * Takes the record's identity and answers `null`; or answers who holds it. A claim that has lapsed at the record's
   * receipt is free to the first record of its identity in a call, and to no other.
   */
  take(record: EventRecord, first: boolean): Claim | null {
    const held = this.#held.get(record.identity);
    if (held !== undefined && (!first || stands(held, record.receivedAt))) return claimOf(held);
    const { id, receiptId, receivedAt, fingerprint, lapsesAt } = record;
    this.#held.set(record.identity, { id, receiptId, receivedAt, fingerprint, lapsesAt });
    return null;
  }

  /** Who holds the record's identity; `null` where it is free to the record. */
  holder({ identity, receivedAt }: EventRecord): Claim | null {
    const held = this.#held.get(identity);
    return held === undefined || !stands(held, receivedAt) ? null : claimOf(held);
  }

  /** Whether this content holds the identity by a claim that has not lapsed at that instant. */
  counts(identity: string, fingerprint: string, at: string): boolean {
    const held = this.#held.get(identity);
    return held !== undefined && held.fingerprint === fingerprint && stands(held, at);
  }
}

function stands(claim: HeldClaim, at: string): boolean {
  return claim.lapsesAt === null || sortable(claim.lapsesAt) > sortable(at);
}

function claimOf({ id, receiptId, receivedAt, fingerprint }: HeldClaim): Claim {
  return { id, receiptId, receivedAt, fingerprint };
}
