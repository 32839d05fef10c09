import type { EntryStatus, ParkedStatus } from "@evt/core";

export interface Content {
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
}

/** What the identities of one run stand for: each of them for one of two contents. */
export type Contents = readonly (readonly [usual: Content, other: Content])[];

/** An event to be sent, drawn from small pools, so that events often meet. */
export interface Described {
  /** Index into the tenants of the run. */
  readonly tenant: number;
  /** Index into the contents of the run. The identities in {@link WINDOWED} lapse. */
  readonly identity: number;
  readonly content: 0 | 1;
  readonly keepsRaw: boolean;
}

export interface Sent extends Described {
  /** How far the clock of its receiver is off. A call may hold what several received. */
  readonly skewMs: number;
}

export interface Letter extends Described {
  readonly status: ParkedStatus;
  readonly vouchedClientId: string | null;
  /** Whether anything of it could be read. */
  readonly readable: boolean;
  readonly message: string;
}

export interface Filter {
  readonly tenant: number;
  readonly clientId?: string;
  readonly metric?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** One step of a sequence. Plain data: what fails prints as it is. */
export type Command =
  | { readonly do: "insert"; readonly events: readonly Sent[] }
  /** Sends an earlier call once more: as a retry, which keeps its receipt ids and times, or as a new call. */
  | {
      readonly do: "resend";
      readonly call: number;
      readonly retry: boolean;
      readonly order: "same" | "reversed" | "split";
    }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "park"; readonly letters: readonly Letter[]; readonly skewMs: number }
  | { readonly do: "get" }
  /** Asks who would hold what these events claim. */
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
      /** Where buckets begin besides `from`; used where the filter has both ends. */
      readonly cuts: readonly string[];
    };

/** The identities of window claims. */
export const WINDOWED: ReadonlySet<number> = new Set([4, 5]);

export const IDENTITIES = 6;
