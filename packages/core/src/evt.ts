import type { CallOptions, PreparedEvent, TenantOptions } from "./calls.js";
import type { EvtError } from "./evt-error.js";
import type { EvtTenant } from "./evt-tenant.js";
import type { Optional } from "./option-checks.js";
import type { IngestReport } from "./outcome.js";
import type { BreakerOptions } from "./queue/breaker.js";
import type { Store } from "./store.js";

/** Counts events of many tenants against one store. Created by `createEvt`. `Name` is the type of the names in `mappings`. */
export interface Evt<Name extends string = string> {
  /** The names in `mappings`. An adapter uses them to check a mapping name that a client sent. */
  readonly mappings: readonly Name[];
  /**
   * Returns the view of one tenant. Nothing is read or deduplicated across tenants.
   *
   * @param tenantId - 1 to 64 characters of well-formed Unicode, without NUL
   * @throws TypeError if the tenant id or an option is not valid
   *
   * @example
   * const events = evt.tenant("acme");
   * const shop = evt.tenant("acme", { clientId: "shop" }); // for a caller that is known to be this client
   */
  tenant(tenantId: string, options?: TenantOptions): EvtTenant<Name>;
  /**
   * Returns an `Evt` with a wrapped store and its own queue. All options that `overrides` does not name are the same. Use
   * it to simulate failures. `close` of the original `Evt` also closes the returned one. `close` of the returned one does
   * not close the store. If `wrap` opens another store, close it yourself.
   *
   * @example
   * import { failing } from "@evt/core/testing";
   * const drill = evt.withStore((store) => failing(store, "after"), { attempts: 1 });
   */
  withStore(wrap: (store: Store) => Store, overrides?: EvtOverrides): Evt<Name>;
  /**
   * Counts events that `prepare` returned earlier, of any tenant. For adapters such as an outbox. Outcome i belongs to
   * event i. If a counted event is passed again, its outcome is `processed` again, and the event is not counted again. A
   * `failed` event is not parked: the caller still has it and must pass it again.
   *
   * @throws EvtError `EVT_OVERLOADED` or `EVT_CLOSED`: nothing was stored. `EVT_ABORTED`, `EVT_INTERNAL` or
   * `EVT_SCHEMA_OUTDATED`: some events may be stored.
   */
  ingestPrepared(events: readonly PreparedEvent[], options?: CallOptions): Promise<IngestReport>;
  /**
   * Returns the error for a new event if this evt is closed, the queue is full or the breaker is open. Otherwise, returns
   * `null`. Adapters call `refusal` before they read a request body. With a tenant id, the result depends on that
   * tenant's share of the queue.
   */
  refusal(tenantId?: string): EvtError | null;
  /**
   * Resolves if the store can take an insert now.
   * @throws EvtError if the store cannot, if it does not respond within `timeoutMs`, or if this evt is closed
   */
  ping(options?: CallOptions): Promise<void>;
  /**
   * Refuses new calls. Waits until accepted events have their outcomes and until replays have ended. Then `createEvt`'s
   * `Evt` closes the store, also if other Evts use the same store. An `Evt` of `withStore` leaves it open. Idempotent.
   */
  close(): Promise<void>;
  /**
   * Does what `close` does.
   * @example
   * await using evt = createEvt({ store });
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options that `withStore` overrides. An absent option has the value of the original `Evt`. */
export interface EvtOverrides {
  /** Time limit of one call, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Number of tries of one store call. 1 means no retry. */
  readonly attempts?: number | undefined;
  /** When evt stops calling a store that is down. With `false`, evt always calls the store. */
  readonly breaker?: Optional<BreakerOptions> | false | undefined;
}
