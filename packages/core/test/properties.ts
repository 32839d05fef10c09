import fc from "fast-check";
import { it } from "vitest";

/** A law as a test: `test.prop([arbitraries])("title", (...values) => …)`. A failure prints the seed that replays it. */
export const test = {
  prop:
    <Values extends [unknown, ...unknown[]]>(
      arbitraries: { [K in keyof Values]: fc.Arbitrary<Values[K]> },
      parameters: fc.Parameters<Values> = {},
    ) =>
    (title: string, law: (...values: Values) => void | Promise<void>) =>
      it(title, () =>
        fc.assert(
          fc.asyncProperty(...arbitraries, async (...values) => void (await law(...(values as Values)))),
          parameters,
        ),
      ),
};

export { fc };
