/** Who has inserts under way. One insert has records of a single tenant, or of several (`null`). */
export class InsertSlots {
  readonly #most: number;
  readonly #byTenant = new Map<string, number>();
  #inUse = 0;
  #mixed = 0;
  #apart = 0;

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
  get apart(): number {
    return this.#apart;
  }

  /** All others. */
  get shared(): number {
    return this.#inUse - this.#apart;
  }

  heldBy(tenantId: string | null): number {
    return tenantId === null ? this.#mixed : (this.#byTenant.get(tenantId) ?? 0);
  }

  /** Whether slow tenants may have another one. While others wait they have at most half. */
  isFreeApart(othersWait: boolean): boolean {
    return this.isFree && this.#apart < (othersWait ? Math.ceil(this.#most / 2) : this.#most);
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

  take(tenantId: string | null, apart: boolean): void {
    this.#count(tenantId, 1);
    if (apart) this.#apart++;
  }

  free(tenantId: string | null, apart: boolean): void {
    this.#count(tenantId, -1);
    if (apart) this.#apart--;
  }

  /** One that was begun as any other turned out to be slow. */
  setApart(): void {
    this.#apart++;
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
