import type {
  CallOptions,
  IngestManyOptions,
  IngestOneOptions,
  PrepareOptions,
  ReplayOptions,
  StreamOptions,
  TenantOptions,
} from "./calls.js";
import type {
  AggregationQuery,
  ClientsQuery,
  ListQuery,
  MetricsQuery,
  ParkedFilter,
  ReplayQuery,
} from "./queries.js";

// one record for each options type, so that a list with a missing or an unknown option does not compile
const CALL = { signal: true } satisfies Record<keyof CallOptions, true>;
const ONE = {
  ...CALL,
  clientId: true,
  mapping: true,
  unwrap: true,
  idempotencyKey: true,
  rawJson: true,
  headers: true,
  raw: true,
} satisfies Record<keyof IngestOneOptions, true>;
const MANY = { ...ONE, idempotencyKeys: true, partial: true } satisfies Record<keyof IngestManyOptions, true>;
const PREPARE = {
  clientId: true,
  mapping: true,
  unwrap: true,
  idempotencyKey: true,
  idempotencyKeys: true,
  rawJson: true,
  headers: true,
} satisfies Record<keyof PrepareOptions, true>;
const STREAM = {
  ...CALL,
  clientId: true,
  mapping: true,
  unwrap: true,
  onProgress: true,
} satisfies Record<keyof StreamOptions, true>;
const REPLAY = {
  ...CALL,
  mapping: true,
  clientId: true,
  edit: true,
  dryRun: true,
} satisfies Record<keyof ReplayOptions, true>;
const TENANT = { clientId: true } satisfies Record<keyof TenantOptions, true>;
const REASONS = {
  clientId: true,
  metric: true,
  unit: true,
  dimensions: true,
  status: true,
  from: true,
  to: true,
  timeZone: true,
} satisfies Record<keyof Omit<ParkedFilter, "reason">, true>;
const PARKED = { ...REASONS, reason: true } satisfies Record<keyof ParkedFilter, true>;
const REPLAY_PAGE = { ...PARKED, all: true, limit: true, cursor: true } satisfies Record<
  keyof ReplayQuery,
  true
>;
const LIST = {
  ...PARKED,
  limit: true,
  cursor: true,
  skip: true,
  raw: true,
} satisfies Record<keyof ListQuery, true>;
const AGGREGATE = {
  clientId: true,
  metric: true,
  unit: true,
  dimensions: true,
  from: true,
  to: true,
  groupBy: true,
  interval: true,
  timeZone: true,
  orderBy: true,
  direction: true,
  limit: true,
  cursor: true,
} satisfies Record<keyof AggregationQuery, true>;
const CLIENTS = { prefix: true, limit: true, cursor: true } satisfies Record<keyof ClientsQuery, true>;
const METRICS = { ...CLIENTS, clientId: true } satisfies Record<keyof MetricsQuery, true>;

/** The names of the options of each call. */
export const KNOWN = {
  call: Object.keys(CALL),
  tenant: Object.keys(TENANT),
  ingest: Object.keys(ONE),
  ingestMany: Object.keys(MANY),
  ingestStream: Object.keys(STREAM),
  prepare: Object.keys(PREPARE),
  replay: Object.keys(REPLAY),
  replayPage: Object.keys(REPLAY_PAGE),
  reasons: Object.keys(REASONS),
  list: Object.keys(LIST),
  aggregate: Object.keys(AGGREGATE),
  clients: Object.keys(CLIENTS),
  metrics: Object.keys(METRICS),
} as const;
