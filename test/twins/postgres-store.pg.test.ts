import express from "express";
import { describe } from "vitest";
import { describeTwins } from "../../packages/http/test/contract/twins.js";
import { createEventRouter, createHealthRouter } from "../../packages/http-express/src/index.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

describe("on Postgres", () =>
  describeTwins({ express, createEventRouter, createHealthRouter }, async () => (await fixture()).store));
