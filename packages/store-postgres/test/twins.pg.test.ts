import { describeTwins } from "../../core/test/twins/describe-twins.js";
import { describeUnits } from "../../core/test/twins/describe-units.js";
import { fixture } from "./fixture.js";

describeTwins("PostgresStore", async () => (await fixture()).store);
describeUnits("PostgresStore", async () => (await fixture()).store);
