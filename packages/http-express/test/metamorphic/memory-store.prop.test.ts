import { MemoryStore } from "@evt/store-memory";
import { depth } from "../../../../test/setup/depth.js";
import { describeLaws } from "./laws.js";

describeLaws("MemoryStore", { store: async () => new MemoryStore(), numRuns: depth(20, 60) });
