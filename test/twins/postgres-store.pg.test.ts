import express from "express";
import { describe } from "vitest";
import { createEventRouter, createHealthRouter } from "../../packages/http-express/src/index.js";
import { describeTwins } from "../../packages/http-express/test/contract/twins.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

describe("on Postgres", () =>
  describeTwins({ express, createEventRouter, createHealthRouter }, async () => (await fixture()).store));
