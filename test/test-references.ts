/** The tests that a document names. CONTRIBUTING.md describes the notation. */
export interface TestReferences {
  /** Test files and folders, as written. A folder ends with a slash. */
  readonly paths: readonly NamedPath[];
  /** `S4`, with the titles that the document quotes from that obligation. */
  readonly obligations: readonly NamedObligation[];
  /** `F19`. */
  readonly faults: readonly string[];
  /** `17`. */
  readonly traps: readonly string[];
}

export interface NamedPath {
  readonly path: string;
  readonly titles: readonly string[];
}

export interface NamedObligation {
  readonly id: string;
  readonly titles: readonly string[];
}

const TITLES = '((?:,? "[^"]+")*)';
const CODE = new RegExp(`\`([^\`]+)\`${TITLES}`, "g");
const OBLIGATION = new RegExp(`\\bS(\\d+)(?:–S(\\d+))?${TITLES}`, "g");
const FAULT = /\bF(\d+)(?:–F(\d+))?/g;
const TRAP = /\btraps? (\d+(?:, \d+)*)/g;

export function testReferencesIn(markdown: string): TestReferences {
  const text = withoutCodeBlocks(markdown).replace(/\s+/g, " ");
  return {
    paths: [...text.matchAll(CODE)]
      .map(([, path = "", quoted]) => ({ path, titles: titlesIn(quoted) }))
      .filter(({ path }) => namesTests(path)),
    obligations: [...text.matchAll(OBLIGATION)].flatMap(([, first, last, quoted]) =>
      numbers(first, last).map((number) => ({ id: `S${number}`, titles: titlesIn(quoted) })),
    ),
    faults: [...text.matchAll(FAULT)].flatMap(([, first, last]) =>
      numbers(first, last).map((number) => `F${number}`),
    ),
    traps: [...text.matchAll(TRAP)].flatMap(([, list = ""]) => list.split(", ")),
  };
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, "");
}

/** Returns true for a TypeScript file, or a path through a folder named `test`. */
function namesTests(code: string): boolean {
  return /^[\w./-]+$/.test(code) && (/\.tsx?$/.test(code) || /(^|\/)test(\/|$)/.test(code));
}

function titlesIn(quoted = ""): readonly string[] {
  return [...quoted.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title);
}

function numbers(first = "", last = first): readonly number[] {
  const from = Number(first);
  return Array.from({ length: Number(last) - from + 1 }, (_, index) => from + index);
}
