import { describeRefusedLaws } from "../../packages/http-express/test/refused/laws.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";
import { depth } from "../setup/depth.js";

const months = { now: new Date("2026-11-23T09:00:00Z"), monthsAhead: 1 };

describeRefusedLaws("PostgresStore", {
  store: async () => (await fixture({ months })).store,
  numRuns: depth(8, 25),
});
