import type { EventRecord, ReplayStore, Store } from "@evt/core/store";

/**
 * Something that only some stores can do, and that some tests need: `reopen` a durable store as after a restart, `prune`
 * events and keep their claims, `poison` a record so that the store refuses it, `replay` parked events.
 */
export type Ability = "reopen" | "prune" | "poison" | "replay";

/** The store of one test, and what a test can do with it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Frees everything, including the store. Called once for each store, also after a failed test. */
  dispose(): Promise<void>;
  /** Closes the store as a restart would, and returns a new one over the same data. */
  reopen?(): Promise<Store>;
  /** Removes the tenant's events and keeps their claims. */
  prune?(tenantId: string): Promise<void>;
  /** Changes a record so that an insert of it fails with `EVT_RECORD_REFUSED`. */
  poison?(record: EventRecord): EventRecord;
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
 *     poison: "refuses no record",
 *     replay: "does not replay",
 *   },
 * };
 * ```
 */
export interface StoreHarness {
  /** Creates an empty store that shares nothing with any other. Called once for each test. */
  create(): Promise<StoreUnderTest>;
  /**
   * The abilities that the store does not have, each with the reason. Tests that need one are reported as not applicable,
   * with that reason. All other tests always run. The suite fails if an ability is neither given nor explained here.
   */
  readonly without?: { readonly [A in Ability]?: string } | undefined;
  /** Options of the model test. */
  readonly model?: ModelOptions | undefined;
}

/** Options of the test that compares a store with a model. */
export interface ModelOptions {
  /** How many random sequences of commands to run. @defaultValue 100 */
  readonly runs?: number | undefined;
  /** The seed from the message of a failure. @defaultValue a new random seed */
  readonly seed?: number | undefined;
  /** The path from the message of a failure. With the seed, it runs only the shrunk sequence. */
  readonly path?: string | undefined;
}
