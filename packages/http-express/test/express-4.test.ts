import express from "express";
import { afterAll, describe, expect, it, vi } from "vitest";
import { describeContract } from "../../http/test/contract/contract.js";
import { createEventRouter, createHealthRouter } from "../src/index.js";

// every import of express in this file and in the sources gets version 4
vi.mock("express", () => import("express4"));
// test files share a worker's modules: an earlier file may have loaded the sources with version 5
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock("express");
  vi.resetModules();
});

describe("on Express 4", () => {
  it("is version 4: only its applications have lazyrouter", () => {
    expect(express()).toHaveProperty("lazyrouter");
  });

  it("the sources use version 4: only its routers have process_params", () => {
    expect(createHealthRouter({ evt: { ping: async () => undefined } })).toHaveProperty("process_params");
  });

  describeContract({ express, createEventRouter, createHealthRouter });
});
