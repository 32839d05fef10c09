import { MemoryStore } from "@evt/store-memory";
import { describeTraps } from "./traps.js";

describeTraps("a store in memory", { store: async () => new MemoryStore() });
