import { concernsStore, type EvtError, isEvtError, storeFailure } from "../evt-error.js";

/** The result of one item, or its own error. */
export type Isolated<R> = { readonly result: R } | { readonly error: EvtError; readonly refused: boolean };

/**
 * Runs `work` over all items. If the store refuses an item, `work` runs again for each half of the items, until each
 * refused item is alone. Items keep their order, so an earlier twin still comes before a later twin.
 * @throws EvtError `EVT_INTERNAL` or `EVT_SCHEMA_OUTDATED`. Every other error is a result
 */
export async function isolate<I, R>(
  items: readonly I[],
  work: (items: readonly I[]) => Promise<readonly R[]>,
): Promise<readonly Isolated<R>[]> {
  try {
    const results = await work(items);
    return results.map((result) => ({ result }));
  } catch (error) {
    if (!isEvtError(error) || concernsStore(error)) throw storeFailure(error);
    if (error.code !== "EVT_RECORD_REFUSED") return items.map(() => ({ error, refused: false }));
    if (items.length === 1) return [{ error, refused: true }];
  }
  const middle = items.length >> 1;
  const first = await isolate(items.slice(0, middle), work);
  return [...first, ...(await isolate(items.slice(middle), work))];
}
