import express from "express";
import { describe } from "vitest";
import { createEventRouter, createHealthRouter } from "../src/index.js";
import { describeContract } from "./contract/contract.js";

describe("on Express 5", () => describeContract({ express, createEventRouter, createHealthRouter }));
