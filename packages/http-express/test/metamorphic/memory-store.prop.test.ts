import { MemoryStore } from "@evt/store-memory";
import { describeLaws } from "./laws.js";

describeLaws("MemoryStore", { store: async () => new MemoryStore(), numRuns: 60 });
