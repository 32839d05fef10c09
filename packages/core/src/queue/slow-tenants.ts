import type { Runtime } from "../runtime/runtime.js";

/** How long a tenant counts as slow after its last slow insert, in milliseconds. */
const APART_MS = 60_000;
/** If more tenants than this are slow, the cause is probably the store, so no tenant counts as slow. */
const MOST = 8;

/** The tenants whose own inserts were slow recently. */
export class SlowTenants {
  readonly #runtime: Pick<Runtime, "now">;
  readonly #notedAt = new Map<string, number>();

  constructor(runtime: Pick<Runtime, "now">) {
    this.#runtime = runtime;
  }

  get isEmpty(): boolean {
    return this.#notedAt.size === 0;
  }

  has(tenantId: string | null): boolean {
    return tenantId !== null && this.#notedAt.has(tenantId);
  }

  note(tenantId: string): void {
    this.#notedAt.set(tenantId, this.#runtime.now());
    if (this.#notedAt.size > MOST) this.#notedAt.clear();
  }

  /** Forgets the tenants whose last slow insert was long ago. A tenant may be forgotten early if the clock jumps. */
  forget(): void {
    const now = this.#runtime.now();
    for (const [tenantId, at] of this.#notedAt)
      if (Math.abs(now - at) >= APART_MS) this.#notedAt.delete(tenantId);
  }
}
