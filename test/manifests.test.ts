import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readText } from "./markdown-files.js";

const packages = readdirSync(new URL("../packages", import.meta.url));
const releasedTogether = JSON.parse(readText(".changeset/config.json")).fixed;
const tsconfig = readText("tsconfig.json");

describe.each(packages)("the manifest of %s", (name) => {
  const manifest = JSON.parse(readText(`packages/${name}/package.json`));

  it("has a description, an author and a licence", () => {
    expect(manifest).toMatchObject({
      name: `@evt/${name}`,
      description: expect.stringMatching(/\w+/),
      author: "evt contributors",
      license: "ISC",
      publishConfig: { access: "public" },
    });
  });

  it("packs the built files and the changelog", () => {
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "CHANGELOG.md"]));
  });

  it("has entry points that the package checks load, that have an API report, and that tests find as sources", () => {
    for (const path of entryPoints(manifest)) {
      const entry = path.replace(".", manifest.name);
      expect(readText("scripts/consumer/every-entry.mts")).toContain(`from "${entry}";`);
      expect(readText("scripts/consumer/every-entry.cts")).toContain(`from "${entry}";`);
      expect(readText(`etc/api/${path.replace(".", name).replaceAll("/", ".")}.md`)).toContain(manifest.name);
      expect(tsconfig).toContain(`"${entry}": [`);
    }
  });
});

it("the packages are released together", () => {
  expect(releasedTogether.map((group: string[]) => group.sort())).toEqual([
    packages.map((name) => `@evt/${name}`).sort(),
  ]);
});

it("a changeset names packages that exist", () => {
  const folder = new URL("../.changeset/", import.meta.url);
  const changesets = readdirSync(folder).filter((name) => name.endsWith(".md"));
  const named = changesets.flatMap((name) => [
    ...(readText(`.changeset/${name}`).split("---")[1] ?? "").matchAll(/@evt\/[\w-]+/g),
  ]);
  expect(named.map(([name]) => name)).toSatisfy((names: string[]) =>
    names.every((name) => packages.includes(name.slice("@evt/".length))),
  );
});

function entryPoints({
  exports,
}: {
  readonly exports: Readonly<Record<string, unknown>>;
}): readonly string[] {
  return Object.keys(exports).filter((path) => path !== "./package.json");
}
