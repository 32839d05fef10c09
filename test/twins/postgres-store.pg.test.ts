import { describe } from "vitest";
import { describeTwins } from "../../packages/http/test/contract/twins.js";
import { expressMount } from "../../packages/http-express/test/express-mount.js";
import { fixture } from "../../packages/store-postgres/test/fixture.js";

describe("on Postgres", () => describeTwins(expressMount(), async () => (await fixture()).store));
