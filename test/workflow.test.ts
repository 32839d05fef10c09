import { describe, expect, it } from "vitest";
import { readText } from "./markdown-files.js";

const workflow = readText(".github/workflows/ci.yml");
const jobs = workflow.slice(workflow.indexOf("\njobs:\n")).split(/^ {2}(?=[\w-]+:$)/m);

describe("the GitHub workflow", () => {
  it("runs each command of .ci/run, and no other", () => {
    const commands = [...readText(".ci/run").matchAll(/^check "[^"]+" (.+)$/gm)].map(
      ([, command]) => command,
    );
    const runs = [...workflow.matchAll(/^ +- run: (.+)$/gm)].map(([, command]) => command);
    expect(commands.length).toBeGreaterThan(0);
    expect([...new Set(runs)].sort()).toEqual(commands.sort());
  });

  it("has a name for each job, and runs the tests on Node 20 and 24", () => {
    for (const job of jobs.slice(1)) expect(job).toMatch(/^ {4}name: \S/m);
    expect(workflow).toMatch(/node: \[20, .*24\]/);
  });

  it("does not contain a registry", () => {
    expect(workflow).not.toMatch(/registry|https?:/);
  });
});
