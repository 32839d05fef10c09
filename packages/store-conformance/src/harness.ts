import type { EventRecord, ReplayStore, Store } from "@evt/core";

/**
 * What only some stores can do, and the tests of some obligations need:
 * `reopen` a durable store after a restart, `prune` events and keep their claims, `poison` a record so that it is refused, `replay` what lies parked.
 */
export type Ability = "reopen" | "prune" | "poison" | "replay";

/** A store of one test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Frees everything, the store included. Called once, also after a test that failed. */
  dispose(): Promise<void>;
  /** Closes the store as a restart would, and answers another one over the same data. */
  reopen?(): Promise<Store>;
  /** Removes the tenant's events and keeps their claims. */
  prune?(tenantId: string): Promise<void>;
  /** Changes a record into one that this store answers with `EVT_RECORD_REFUSED`. */
  poison?(record: EventRecord): EventRecord;
  /** The same store, where parked events can be replayed from it. */
  readonly replay?: ReplayStore;
}

/** How the suite gets its stores. */
export interface StoreHarness {
  /** A fresh store that shares nothing with any other. Called once a test. */
  create(): Promise<StoreUnderTest>;
  /**
   * The abilities that the store has not, each with the reason. The tests that need one are then reported as not
   * applicable, with the reason; all others always run. An ability that is neither given nor explained here fails.
   */
  readonly without?: { readonly [A in Ability]?: string };
  /** How the model test explores. */
  readonly model?: ModelOptions;
}

export interface ModelOptions {
  /** How many sequences of commands. @defaultValue 100 */
  readonly runs?: number;
  /** The seed a failure named. @defaultValue another one each time */
  readonly seed?: number;
  /** The path a failure named: with the seed, plays nothing but the shrunk commands. */
  readonly path?: string;
}
