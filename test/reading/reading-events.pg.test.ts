import { createEvt, type EvtOptions } from "@evt/core";
import { describeCloudEvents } from "../../packages/http/test/contract/cloud-events.js";
import { describeReadingEvents } from "../../packages/http/test/contract/reading-events.js";
import { describeTimestamps } from "../../packages/http/test/contract/timestamps.js";
import { NOW } from "../../packages/http/test/serve.js";
import { expressMount } from "../../packages/http-express/test/express-mount.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

const months = { now: new Date(NOW), monthsAhead: 1 };

async function make(options: Partial<EvtOptions>) {
  const { store } = await fixture({ months });
  return createEvt({ runtime: { now: () => NOW }, ...options, store });
}

describeCloudEvents(expressMount(), make);
describeReadingEvents(expressMount(), make);
describeTimestamps(expressMount(), make);
