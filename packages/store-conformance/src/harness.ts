import type { EventRecord, ReplayStore, Store } from "@evt/core/store";

/**
 * An ability that some tests need and that only some stores have. `reopen`: open a durable store again, as after a
 * restart. `prune`: remove events and keep their claims. `poison`: change a record so that the store refuses it.
 * `replay`: replay parked events.
 */
export type Ability = "reopen" | "prune" | "poison" | "replay";

/** The store of one test, and the abilities that a test can use. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Frees everything, including the store. Called once for each store, even after a failed test. */
  dispose(): Promise<void>;
  /** Closes the store as a restart would, and returns a new one over the same data. */
  reopen?(): Promise<Store>;
  /** Removes the tenant's events and keeps their claims. */
  prune?(tenantId: string): Promise<void>;
  /** Returns the record with a change, so that an insert of it fails with `EVT_RECORD_REFUSED`. */
  poison?(record: EventRecord): EventRecord;
  /** Does the store's upkeep, if it has any. S24 calls it: totals must be the same before and after. */
  upkeep?(): Promise<void>;
  /** The same store, if it can replay parked events. */
  readonly replay?: ReplayStore;
}

/**
 * Creates the stores that the suite tests.
 *
 * @example
 * ```ts
 * const harness: StoreHarness = {
 *   create: async () => {
 *     const store = await MyStore.open(`test-${crypto.randomUUID()}`);
 *     return { store, reopen: () => store.restart(), dispose: () => store.drop() };
 *   },
 *   without: {
 *     prune: "never removes events",
 *     poison: "accepts every record",
 *     replay: "does not replay",
 *   },
 * };
 * ```
 */
export interface StoreHarness {
  /** Creates an empty store that shares no data with other stores. Each test calls it at least once. */
  create(): Promise<StoreUnderTest>;
  /**
   * The abilities that the store lacks, each with the reason. Tests that need such an ability are reported as not
   * applicable, with the reason. All other tests always run. The suite fails if an ability is neither returned by
   * `create` nor explained here, or if it is both.
   */
  readonly without?: { readonly [A in Ability]?: string } | undefined;
  /** Options of the model test. */
  readonly model?: ModelOptions | undefined;
}

/** Options of the test that compares a store with a model. */
export interface ModelOptions {
  /** The number of random command sequences to run. @defaultValue 100 */
  readonly runs?: number | undefined;
  /**
   * The seed of the random sequences. To repeat a failure, use the seed in its message. @defaultValue a new random
   * seed
   */
  readonly seed?: number | undefined;
  /** The path of a failed sequence. To repeat only this sequence, use the path and the seed in the failure message. */
  readonly path?: string | undefined;
}
