import express from "express";
import { describe, expect, it, vi } from "vitest";
import { createEventRouter, createHealthRouter } from "../src/index.js";
import { describeContract } from "./contract/contract.js";

// every import of express in this file and in the sources gets version 4
vi.mock("express", () => import("express4"));

describe("on Express 4", () => {
  it("is version 4: only its applications have lazyrouter", () => {
    expect(express()).toHaveProperty("lazyrouter");
  });

  describeContract({ express, createEventRouter, createHealthRouter });
});
