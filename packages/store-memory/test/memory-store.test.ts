import { describeStore } from "@evt/store-conformance/vitest";
import { MemoryStore } from "@evt/store-memory";

describeStore("MemoryStore", {
  create: async () => {
    const store = new MemoryStore();
    return { store, dispose: () => store.close() };
  },
  without: {
    reopen: "keeps nothing beyond its process",
    prune: "keeps every event for as long as it lives",
    poison: "takes every record it is given",
  },
});
