import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, it, vi } from "vitest";
import { depth } from "./setup/depth.js";

vi.stubEnv("RECHECK_BACKEND", "pure");
const { checkSync } = await import("recheck");

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = [
  ...readdirSync(join(root, "packages")).map((name) => join("packages", name, "src")),
  "examples/dashboard/server",
].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

interface Found {
  readonly literals: readonly string[];
  /** The number of `RegExp` calls in the source. */
  readonly calls: number;
}

const found = new Map(sources.map((path) => [path, expressionsIn(readFileSync(join(root, path), "utf8"))]));
const expressions = [
  ...new Set([...[...found.values()].flatMap(({ literals }) => literals), ...(await builtExpressions())]),
];

/** To check these takes seconds, so only `npm run test:deep` does it. If one changes, `npm test` checks the new one. */
const SLOW: readonly string[] = [
  String.raw`/^(?:([a-z]{3,9})(?:, ?| ))?(\d{1,2})(?:st|nd|rd|th)?[ /-]([a-z]{3,9})\.?(?:, |[ /-])(\d{4})(?:(?:, | at | |:)(\d{1,2}:[^]*))?$/i`,
  String.raw`/^(?:([a-z]{3,9})(?:, ?| ))?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:, | )(\d{4})(?:(?:, | at | |:)(\d{1,2}:[^]*))?$/i`,
  String.raw`/^(?:([a-z]{3,9})(?:, ?| ))?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)? (\d{1,2}:[^]*)$/i`,
  String.raw`/(?:^|,)\s*return\s*=\s*(?:minimal|"minimal")\s*(?:$|[,;])/i`,
];
const checked = expressions.filter((expression) => depth(!SLOW.includes(expression), true));

afterAll(() => vi.unstubAllEnvs());

describe("a regular expression in the sources", () => {
  it("is found by this test", () => {
    expect(expressionsIn("f(/a+$/g); new RegExp('b'); RegExp(`c`)")).toEqual({
      literals: ["/a+$/g"],
      calls: 2,
    });
    expect(expressions).toContain("/^[0-9a-f]{64}$/");
    expect(expressions.filter((each) => each.includes("(?:st|nd|rd|th)"))).toHaveLength(3);
    expect(expressions).toEqual(expect.arrayContaining([...SLOW]));
  });

  it.each(["/^0+|0+$/g", '/"(?:[^"\\\\]|\\\\.)*"|-?\\d[\\d.eE+-]*/g', "/^(a+)+$/"])(
    "is refused if it takes more than linear time, such as %s",
    (expression) => {
      expect(complexityOf(expression)).not.toMatch(/^(safe|linear)$/);
    },
  );

  it.each(checked)("takes linear time on any string: %s", (expression) => {
    expect(complexityOf(expression)).toMatch(/^(safe|linear)$/);
  });
});

/** `safe` means constant or linear time. */
function complexityOf(expression: string): string {
  const end = expression.lastIndexOf("/");
  const checked = checkSync(expression.slice(1, end), expression.slice(end + 1), {
    checker: "automaton",
    timeout: 55_000,
  });
  return checked.status === "unknown" ? `unknown: ${checked.error.kind}` : checked.complexity.type;
}

function expressionsIn(source: string): Found {
  const literals: string[] = [];
  let calls = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node.text);
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp")
      calls++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest, true));
  return { literals, calls };
}

/** Returns the expressions that sources build when they are loaded. Throws if a source builds one later. */
async function builtExpressions(): Promise<readonly string[]> {
  const built: string[] = [];
  // an earlier test file of this worker may have loaded a source
  vi.resetModules();
  vi.stubGlobal(
    "RegExp",
    new Proxy(RegExp, {
      construct(target, given: [string, string?]) {
        const expression = new target(...given);
        built.push(String(expression));
        return expression;
      },
    }),
  );
  try {
    for (const [path, { calls }] of found) {
      if (calls === 0) continue;
      const before = built.length;
      await import(pathToFileURL(join(root, path)).href);
      if (built.length - before < calls)
        throw new Error(`${path} builds a regular expression after it is loaded`);
    }
  } finally {
    vi.unstubAllGlobals();
  }
  return built;
}
