import { PostgresProxy } from "@evt/postgres-proxy";
import { onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";

/** A proxy in front of the tests' Postgres, closed after the test. */
export async function faultyProxy(): Promise<PostgresProxy> {
  const proxy = await PostgresProxy.start(postgresUrl());
  onTestFinished(() => proxy.stop());
  return proxy;
}
