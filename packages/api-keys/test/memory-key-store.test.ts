import { MemoryApiKeyStore } from "../src/index.js";
import { describeKeyStore } from "./key-store-contract.js";

describeKeyStore("MemoryApiKeyStore", async () => new MemoryApiKeyStore());
