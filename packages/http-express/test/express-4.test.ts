import express from "express";
import { afterAll, describe, expect, it, vi } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { allSuites, describeContract, essentialSuites } from "../../http/test/contract/contract.js";
import { createHealthRouter } from "../src/index.js";
import { expressMount } from "./express-mount.js";

// every import of express in this file and in the sources gets version 4
vi.mock("express", () => import("express4"));
// test files share a worker's modules: an earlier file may have loaded the sources with version 5
vi.hoisted(() => vi.resetModules());
afterAll(() => {
  vi.doUnmock("express");
  vi.resetModules();
});

describe("Express 4", () => {
  it("is version 4: only its applications have lazyrouter", () => {
    expect(express()).toHaveProperty("lazyrouter");
  });

  it("the sources use version 4: only its routers have process_params", () => {
    expect(createHealthRouter({ evt: { ping: async () => undefined } })).toHaveProperty("process_params");
  });

  describeContract(expressMount("Express 4"), depth(essentialSuites, allSuites));
});
