import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { vi } from "vitest";

const folder = new URL("./.readme-examples/", import.meta.url);

export interface Example {
  /** The heading above the example. */
  readonly heading: string;
  readonly code: string;
  /** The lines that it prints, according to its comments. */
  readonly prints: readonly string[];
  /** Whether it is a server, which runs until it is stopped. */
  readonly listens: boolean;
}

/** A `curl` command of a README. */
export interface Curl {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST. Without a body, the command is a GET. */
  readonly body: string | undefined;
}

/** The TypeScript examples of a README, in order. */
export function readmeExamples(path = "README.md"): readonly Example[] {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(({ 1: code = "", index }) => ({
    heading: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? "",
    code,
    prints: [...code.matchAll(/\/\/ prints (.*)$/gm)].map(([, line = ""]) => line),
    listens: code.includes(".listen("),
  }));
}

/**
 * The `curl` commands of a README, in order. A command ends with the first line that does not end with a backslash.
 */
export function readmeCurls(path = "README.md"): readonly Curl[] {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8").replaceAll("\\\n", " ");
  return [...text.matchAll(/^curl ('?)(\S+)\1 (.*)$/gm)].map(([, , url = "", rest = ""]) => {
    const headers = [...rest.matchAll(/-H '([^:]+): ([^']*)'/g)].map(([, name, value]) => [name, value]);
    return { url, headers: Object.fromEntries(headers), body: /-d '([^']*)'/.exec(rest)?.[1] };
  });
}

/** Writes an example unchanged to a file and returns its URL. */
export function fileOf(example: Example): URL {
  const file = new URL(`${example.heading.toLowerCase().replaceAll(/\W+/g, "-")}.ts`, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, example.code);
  return file;
}

/** Runs an example unchanged and returns the lines that it printed. */
export async function run(example: Example): Promise<readonly string[]> {
  const file = fileOf(example);
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await import(/* @vite-ignore */ file.pathname);
    return log.mock.calls.map((values) => values.join(" "));
  } finally {
    log.mockRestore();
    rmSync(file);
  }
}
