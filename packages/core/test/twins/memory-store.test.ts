import { MemoryStore } from "@evt/store-memory";
import { describeTwins } from "./describe-twins.js";

describeTwins("MemoryStore", async () => new MemoryStore());
