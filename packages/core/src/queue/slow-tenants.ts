import type { Runtime } from "../runtime/runtime.js";

/** How long a tenant counts as slow after its last slow insert. */
const APART_MS = 60_000;
/** If more tenants than this are slow, the cause is the store and not the tenants. */
const MOST = 8;

/** The tenants whose own inserts were slow recently. They do not share inserts with other tenants. */
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

  /** Forgets the tenants whose last slow insert was long ago. If the clock jumps, tenants are forgotten early. */
  forget(): void {
    const now = this.#runtime.now();
    for (const [tenantId, at] of this.#notedAt)
      if (Math.abs(now - at) >= APART_MS) this.#notedAt.delete(tenantId);
  }
}
