import { MemoryStore } from "@evt/store-memory";
import { describeTwins } from "./describe-twins.js";
import { describeUnits } from "./describe-units.js";

describeTwins("MemoryStore", async () => new MemoryStore());
describeUnits("MemoryStore", async () => new MemoryStore());
