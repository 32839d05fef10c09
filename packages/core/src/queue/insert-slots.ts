/**
 * The kind of an insert. `slow`: of a slow tenant. `large`: with many records of one tenant. `shared`: any other insert.
 */
export type Lane = "slow" | "large" | "shared";

/** Counts the inserts in flight by tenant. An insert with records of several tenants has the tenant `null`. */
export class InsertSlots {
  readonly #most: number;
  readonly #byTenant = new Map<string, number>();
  #inUse = 0;
  #mixed = 0;
  #slow = 0;
  #shared = 0;

  /** @param most - maximum number of inserts in flight */
  constructor(most: number) {
    this.#most = most;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get isFree(): boolean {
    return this.#inUse < this.#most;
  }

  /** The number of inserts in flight in the lane `slow`. */
  get slow(): number {
    return this.#slow;
  }

  /** The number of inserts in flight in the lane `shared`. */
  get shared(): number {
    return this.#shared;
  }

  heldBy(tenantId: string | null): number {
    return tenantId === null ? this.#mixed : (this.#byTenant.get(tenantId) ?? 0);
  }

  /**
   * Returns whether slow tenants may have another insert. While other tenants wait, slow tenants together get half of
   * the slots, rounded up.
   */
  isFreeForSlow(othersWait: boolean): boolean {
    return this.isFree && this.#slow < (othersWait ? Math.ceil(this.#most / 2) : this.#most);
  }

  /**
   * Returns whether a tenant may start an insert above the maximum. It may if other tenants use all slots, and each of
   * these inserts has records of only one tenant.
   */
  mayExceed(tenantId: string | null): boolean {
    return (
      this.#inUse === this.#most &&
      this.#mixed === 0 &&
      tenantId !== null &&
      this.#byTenant.size > 0 &&
      !this.#byTenant.has(tenantId)
    );
  }

  take(tenantId: string | null, lane: Lane): void {
    this.#count(tenantId, 1);
    this.#countIn(lane, 1);
  }

  free(tenantId: string | null, lane: Lane): void {
    this.#count(tenantId, -1);
    this.#countIn(lane, -1);
  }

  /** Moves an insert that turned out to be slow from its lane to the slow lane. */
  turnedSlow(lane: Lane): void {
    this.#countIn(lane, -1);
    this.#countIn("slow", 1);
  }

  #countIn(lane: Lane, by: number): void {
    if (lane === "slow") this.#slow += by;
    if (lane === "shared") this.#shared += by;
  }

  #count(tenantId: string | null, by: number): void {
    this.#inUse += by;
    if (tenantId === null) {
      this.#mixed += by;
      return;
    }
    const held = this.heldBy(tenantId) + by;
    if (held > 0) this.#byTenant.set(tenantId, held);
    else this.#byTenant.delete(tenantId);
  }
}
