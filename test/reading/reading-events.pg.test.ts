import { createEvt, type EvtOptions } from "@evt/core";
import { createEventRouter, createHealthRouter } from "@evt/http-express";
import express from "express";
import { describeCloudEvents } from "../../packages/http/test/contract/cloud-events.js";
import { describeReadingEvents } from "../../packages/http/test/contract/reading-events.js";
import { describeTimestamps } from "../../packages/http/test/contract/timestamps.js";
import { NOW } from "../../packages/http/test/serve.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

const months = { now: new Date(NOW), monthsAhead: 1 };
const lib = { express, createEventRouter, createHealthRouter };

async function make(options: Partial<EvtOptions>) {
  const { store } = await fixture({ months });
  return createEvt({ runtime: { now: () => NOW }, ...options, store });
}

describeCloudEvents(lib, make);
describeReadingEvents(lib, make);
describeTimestamps(lib, make);
