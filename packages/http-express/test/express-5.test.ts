import express from "express";
import { describe, expect, it } from "vitest";
import { describeContract } from "../../http/test/contract/contract.js";
import { createEventRouter, createHealthRouter } from "../src/index.js";

describe("on Express 5", () => {
  it("the sources use version 5: its routers have no process_params", () => {
    expect(createHealthRouter({ evt: { ping: async () => undefined } })).not.toHaveProperty("process_params");
  });

  describeContract({ express, createEventRouter, createHealthRouter });
});
