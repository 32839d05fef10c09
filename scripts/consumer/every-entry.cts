// imports every entry of every package: its types must resolve, and it must load
import * as apiKeys from "@evt/api-keys";
import * as apiKeysPostgres from "@evt/api-keys/postgres";
import * as core from "@evt/core";
import * as adapter from "@evt/core/adapter";
import * as browser from "@evt/core/browser";
import * as json from "@evt/core/json";
import * as luxon from "@evt/core/luxon";
import * as recipes from "@evt/core/recipes";
import * as store from "@evt/core/store";
import * as testing from "@evt/core/testing";
import * as http from "@evt/http";
import * as express from "@evt/http-express";
import * as fastify from "@evt/http-fastify";
import * as rateLimits from "@evt/rate-limits";
import * as conformance from "@evt/store-conformance";
import type * as vitest from "@evt/store-conformance/vitest";
import * as memory from "@evt/store-memory";
import * as postgres from "@evt/store-postgres";
import * as postgresInternal from "@evt/store-postgres/internal";
import * as webhooks from "@evt/webhooks";

export type Vitest = typeof vitest;

for (const [name, entry] of Object.entries({
  apiKeys,
  apiKeysPostgres,
  core,
  adapter,
  browser,
  json,
  luxon,
  recipes,
  store,
  testing,
  http,
  express,
  fastify,
  rateLimits,
  conformance,
  memory,
  postgres,
  postgresInternal,
  webhooks,
})) {
  if (Object.keys(entry).length === 0) throw new Error(`${name} exports nothing`);
}
console.log("every entry loads");
