import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { vi } from "vitest";

const folder = new URL("./.readme-examples/", import.meta.url);

export interface Example {
  /** The heading above it. */
  readonly heading: string;
  readonly code: string;
  /** What its comments say it prints, line by line. */
  readonly prints: readonly string[];
}

/** The TypeScript of a README, in its order. */
export function readmeExamples(path = "README.md"): readonly Example[] {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(({ 1: code = "", index }) => ({
    heading: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? "",
    code,
    prints: [...code.matchAll(/\/\/ prints (.*)$/gm)].map(([, line = ""]) => line),
  }));
}

/** Runs an example unchanged, and returns the lines that it printed. */
export async function run(example: Example): Promise<readonly string[]> {
  const name = `${example.heading.toLowerCase().replaceAll(/\W+/g, "-")}.ts`;
  const file = new URL(name, folder);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, example.code);
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await import(/* @vite-ignore */ file.pathname);
    return log.mock.calls.map((values) => values.join(" "));
  } finally {
    log.mockRestore();
    rmSync(file);
  }
}
