import { PostgresProxy } from "@evt/postgres-proxy";
import { inject, onTestFinished } from "vitest";

/** A proxy in front of the tests' Postgres, closed after the test. */
export async function faultyProxy(): Promise<PostgresProxy> {
  const proxy = await PostgresProxy.start(inject("postgresUrl"));
  onTestFinished(() => proxy.stop());
  return proxy;
}
