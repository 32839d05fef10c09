import express from "express";
import { describe, vi } from "vitest";
import { createEventRouter, createHealthRouter } from "../src/index.js";
import { describeContract } from "./contract/contract.js";

vi.setConfig({ testTimeout: 30_000 });

describe("on Express 5", () => describeContract({ express, createEventRouter, createHealthRouter }));
