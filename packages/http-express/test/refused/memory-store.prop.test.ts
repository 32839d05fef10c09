import { MemoryStore } from "@evt/store-memory";
import { describeRefusedLaws } from "./laws.js";

describeRefusedLaws("MemoryStore", { store: async () => new MemoryStore(), numRuns: 150 });
