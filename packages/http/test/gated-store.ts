import type { Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { gate } from "./gate.js";
import { overriding } from "./overriding.js";

/** A store in memory whose inserts wait until `open` is called. */
export function gatedStore(): { readonly store: Store; readonly open: () => void } {
  const { opened, open } = gate();
  const memory = new MemoryStore();
  const store = overriding<Store>(memory, {
    insert: async (...args) => {
      await opened;
      return memory.insert(...args);
    },
  });
  return { store, open };
}
