/** What an insert is: of a slow tenant, large and of one tenant, or any other. */
export type Lane = "slow" | "large" | "shared";

/** Who has inserts under way. One insert has records of a single tenant, or of several (`null`). */
export class InsertSlots {
  readonly #most: number;
  readonly #byTenant = new Map<string, number>();
  #inUse = 0;
  #mixed = 0;
  #slow = 0;
  #shared = 0;

  /** `most`: inserts under way at once. */
  constructor(most: number) {
    this.#most = most;
  }

  get inUse(): number {
    return this.#inUse;
  }

  get isFree(): boolean {
    return this.#inUse < this.#most;
  }

  /** Inserts of slow tenants. */
  get slow(): number {
    return this.#slow;
  }

  /** Inserts that are not of a slow tenant, nor large: a reason for small ones to wait a moment. */
  get shared(): number {
    return this.#shared;
  }

  heldBy(tenantId: string | null): number {
    return tenantId === null ? this.#mixed : (this.#byTenant.get(tenantId) ?? 0);
  }

  /** Whether slow tenants may have another one. While others wait they have at most half. */
  isFreeForSlow(othersWait: boolean): boolean {
    return this.isFree && this.#slow < (othersWait ? Math.ceil(this.#most / 2) : this.#most);
  }

  /** Whether a tenant may have one more than `most`: others have used up all, and it has none. */
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

  /** One that was begun as any other turned out to be slow. */
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
