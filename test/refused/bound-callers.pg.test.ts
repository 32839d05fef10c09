import { createEvt } from "@evt/core";
import { describeBoundCallers } from "../../packages/http/test/contract/bound-callers.js";
import { NOW } from "../../packages/http/test/serve.js";
import { expressMount } from "../../packages/http-express/test/express-mount.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

const months = { now: new Date(NOW), monthsAhead: 1 };

describeBoundCallers(expressMount(), async (options) => {
  const { store } = await fixture({ months });
  return createEvt({ runtime: { now: () => NOW }, ...options, store });
});
