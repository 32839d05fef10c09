import { MemoryStore } from "@evt/store-memory";
import { depth } from "../../../../test/setup/depth.js";
import { describeRefusedLaws } from "./laws.js";

describeRefusedLaws("MemoryStore", { store: async () => new MemoryStore(), numRuns: depth(50, 150) });
