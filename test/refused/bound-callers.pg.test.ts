import { createEvt } from "@evt/core";
import { createEventRouter, createHealthRouter } from "@evt/http-express";
import express from "express";
import { describeBoundCallers } from "../../packages/http/test/contract/bound-callers.js";
import { NOW } from "../../packages/http/test/serve.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

const months = { now: new Date(NOW), monthsAhead: 1 };

describeBoundCallers({ express, createEventRouter, createHealthRouter }, async (options) => {
  const { store } = await fixture({ months });
  return createEvt({ runtime: { now: () => NOW }, ...options, store });
});
