import type {
  AggregationQuery,
  ClientsQuery,
  ListQuery,
  MetricsQuery,
  OrderBy,
  ParkedFilter,
  ReplayOptions,
  ReplayQuery,
} from "@evt/core";
import { QUERY_LIMITS } from "@evt/core/adapter";
import { z } from "zod";
import type { ParametersOf } from "./core-range.js";

// The parameters of each route. In a URL, every value is a string. Each message below completes an error such as
// `limit is "x"; it must be a whole number from 1 to 100`.

const text = z.string().min(1, "give it a value, or omit it").exactOptional();

const failure = oneOf(["true", "false", "before", "after", "slow"]).exactOptional();
const flag = oneOf(["true", "false"]).default("false");

/** `POST /events` */
export const ingestQuery = z
  .strictObject({ simulateFailure: failure, dryRun: flag })
  .refine(({ dryRun, simulateFailure = "false" }) => dryRun === "false" || simulateFailure === "false", {
    path: ["dryRun"],
    message: "a dry run writes nothing, so no failure can be simulated",
  });

/** The values of the parameters `dimension.<name>`, by their names. */
const dimensions = z.record(z.string(), z.string().min(1, "give it a value, or omit it")).exactOptional();

/** `GET /events` */
export const listQuery = z.strictObject({
  clientId: text,
  metric: text,
  unit: text,
  dimensions,
  status: oneOf(["processed", "rejected", "failed", "conflict"]).exactOptional(),
  reason: text,
  startDate: text,
  endDate: text,
  timeZone: text,
  limit: whole(1, QUERY_LIMITS.entries).exactOptional(),
  cursor: text,
  skip: whole(0, QUERY_LIMITS.skip).exactOptional(),
  raw: oneOf(["true", "false"]).default("true"),
} satisfies ParametersOf<ListQuery>);

const parkedFilter = {
  clientId: text,
  metric: text,
  unit: text,
  dimensions,
  status: oneOf(["rejected", "failed", "conflict"]).exactOptional(),
  startDate: text,
  endDate: text,
  timeZone: text,
} satisfies ParametersOf<Omit<ParkedFilter, "reason">>;

/** `GET /events/reasons` */
export const reasonsQuery = z.strictObject(parkedFilter);

const { status: _, ...sharedFilter } = parkedFilter;

/** `GET /events/counts`. The filters that counted and parked events share. */
export const countsQuery = z.strictObject(sharedFilter);

const replaying = { mapping: text, dryRun: flag };

/** `POST /events/replay` */
export const replayAllQuery = z.strictObject({
  ...parkedFilter,
  reason: text,
  all: oneOf(["true"]).exactOptional(),
  limit: whole(1, QUERY_LIMITS.replays).exactOptional(),
  cursor: text,
  ...replaying,
} satisfies ParametersOf<ReplayQuery & Pick<ReplayOptions, "mapping" | "dryRun">>);

/** `POST /events/:id/replay` */
export const replayOneQuery = z.strictObject({ clientId: text, ...replaying });

/** `GET /events/:id`, `GET /events/:id/history` */
export const noQuery = z.strictObject({});

const names = {
  prefix: text,
  limit: whole(1, QUERY_LIMITS.names).exactOptional(),
  cursor: text,
} satisfies ParametersOf<ClientsQuery>;

/** `GET /events/clients` */
export const clientsQuery = z.strictObject(names);

/** `GET /events/metrics` */
export const metricsQuery = z.strictObject({ ...names, clientId: text } satisfies ParametersOf<MetricsQuery>);
const GROUPS = ["none", "clientId", "metric", "both"] as const;

/** One of {@link GROUPS}, or a list of keys that are separated by commas. */
const groupKeys = z
  .string()
  .refine((value) => isOneOf(GROUPS, value) || value.split(",").every(isGroupKey), {
    message: `it must be one of ${GROUPS.join(", ")}, or a list such as metric,dimension.plan`,
  })
  .default("none");

function isGroupKey(key: string): boolean {
  return key === "clientId" || key === "metric" || isDimension(key);
}

function isDimension(key: string): boolean {
  return /^dimension\../.test(key);
}

function isOneOf(values: readonly string[], value: string): boolean {
  return values.includes(value);
}

const ORDERS = ["count", "sum", "min", "max", "bucket", "clientId", "metric"] as const;

const orderBy = z
  .string()
  .refine((value): value is OrderBy => isOneOf(ORDERS, value) || isDimension(value), {
    message: `it must be one of ${ORDERS.join(", ")}, dimension.<name>`,
  })
  .exactOptional();

/** `GET /aggregation` */
export const aggregationQuery = z
  .strictObject({
    clientId: text,
    metric: text,
    unit: text,
    dimensions,
    startDate: text,
    endDate: text,
    groupBy: groupKeys,
    interval: oneOf(["hour", "day", "week", "month"]).exactOptional(),
    timeZone: text,
    orderBy,
    direction: oneOf(["asc", "desc"]).exactOptional(),
    // evt checks the maximum, because it is an option of createEvt
    limit: whole(1).exactOptional(),
    cursor: text,
  } satisfies ParametersOf<AggregationQuery>)
  .refine(({ interval, startDate, endDate }) => interval === undefined || (startDate && endDate), {
    path: ["interval"],
    message: "it needs startDate and endDate",
  })
  .refine(({ cursor, limit }) => cursor === undefined || limit !== undefined, {
    path: ["cursor"],
    message: "it needs limit",
  });

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, `it must be one of ${values.join(", ")}`);
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  const message = `it must be a whole number ${range}`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
}
