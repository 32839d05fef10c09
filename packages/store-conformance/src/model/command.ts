import type { AggregateOrder, DimensionFilter, Dimensions, EntryStatus, ParkedStatus } from "@evt/core/store";

export interface Content {
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly unit: string | null;
  readonly dimensions: Dimensions | null;
  readonly timestamp: string;
}

/** The contents of the identities in one run. Each identity has two contents. */
export type Contents = readonly (readonly [usual: Content, other: Content])[];

/** An event to be sent. Values come from small pools, so that events often have the same identity. */
export interface Described {
  /** Index into the tenants of the run. */
  readonly tenant: number;
  /** Index into the contents of the run. The claims of the identities in {@link WINDOWED} lapse. */
  readonly identity: number;
  readonly content: 0 | 1;
  readonly keepsRaw: boolean;
}

/** An event and the clock of the host that receives it. */
export interface Sent extends Described {
  /** The error of the host's clock, in milliseconds. A call may have records from several hosts. */
  readonly skewMs: number;
}

export interface DescribedParked extends Described {
  readonly status: ParkedStatus;
  readonly vouchedClientId: string | null;
  /** Whether any field could be read. */
  readonly readable: boolean;
  readonly message: string;
}

export interface Filter {
  readonly tenant: number;
  readonly clientId?: string;
  readonly metric?: string;
  readonly unit?: string | null;
  readonly dimensions?: DimensionFilter;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** One step of a sequence. It is plain data, so that a failing sequence can be printed. */
export type Command =
  | { readonly do: "insert"; readonly events: readonly Sent[] }
  /** Sends an earlier call again: as a retry with the same receipt IDs and times, or as a new call. */
  | {
      readonly do: "resend";
      readonly call: number;
      readonly retry: boolean;
      readonly order: "same" | "reversed" | "split";
    }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "park"; readonly events: readonly DescribedParked[]; readonly skewMs: number }
  | { readonly do: "get" }
  /** Looks up the holders of the identities of these events. */
  | { readonly do: "holders"; readonly events: readonly Sent[] }
  | {
      readonly do: "list";
      readonly filter: Filter;
      readonly statuses: readonly EntryStatus[];
      readonly visibleTo?: string;
      readonly after?: number;
      readonly skip?: number;
      readonly rawChars?: number;
    }
  | {
      readonly do: "aggregate";
      readonly filter: Filter;
      readonly byClientId: boolean;
      readonly byMetric: boolean;
      readonly byDimensions?: readonly string[];
      /** The starts of further buckets after the bucket at `from`. Used only if the filter has `from` and `to`. */
      readonly cuts: readonly string[];
      readonly order?: AggregateOrder;
      /** The position: an index into all rows of the query. Used only with `order`. */
      readonly after?: number;
    };

/** The identities whose claims lapse. */
export const WINDOWED: ReadonlySet<number> = new Set([4, 5]);

export const IDENTITIES = 6;
