import { describeTwins } from "../../core/test/twins/describe-twins.js";
import { fixture } from "./fixture.js";

describeTwins("PostgresStore", async () => (await fixture()).store);
