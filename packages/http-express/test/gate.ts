import type { Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { overriding } from "./overriding.js";

/** A store in memory whose inserts wait until they are let through. */
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

/** Something to wait for that a test lets happen. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
