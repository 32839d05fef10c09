import { concernsStore, type EvtError, isEvtError, storeFailure } from "../evt-error.js";

/** What became of one item: the answer to it, or the error that is its own. */
export type Isolated<A> = { readonly answer: A } | { readonly error: EvtError; readonly refused: boolean };

/**
 * Does `work` over all items, and halves them where a record among them is refused, until the refused ones stand
 * alone and their neighbours are done. Items keep their order, so an earlier twin still goes before a later one.
 * Rejects only with an error that concerns the store: `EVT_INTERNAL` or `EVT_SCHEMA_OUTDATED`.
 */
export async function isolate<I, A>(
  items: readonly I[],
  work: (items: readonly I[]) => Promise<readonly A[]>,
): Promise<readonly Isolated<A>[]> {
  try {
    const answers = await work(items);
    return answers.map((answer) => ({ answer }));
  } catch (error) {
    if (!isEvtError(error) || concernsStore(error)) throw storeFailure(error);
    if (error.code !== "EVT_RECORD_REFUSED") return items.map(() => ({ error, refused: false }));
    if (items.length === 1) return [{ error, refused: true }];
  }
  const middle = items.length >> 1;
  const first = await isolate(items.slice(0, middle), work);
  return [...first, ...(await isolate(items.slice(middle), work))];
}
