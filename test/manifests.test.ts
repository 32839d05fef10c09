import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readText } from "./markdown-files.js";

const packages = readdirSync(new URL("../packages", import.meta.url));

describe.each(packages)("the manifest of %s", (name) => {
  const manifest = JSON.parse(readText(`packages/${name}/package.json`));

  it("says what the package is, whose it is, and under which licence", () => {
    expect(manifest).toMatchObject({
      name: `@evt/${name}`,
      description: expect.stringMatching(/\w+/),
      author: "evt contributors",
      license: "ISC",
      publishConfig: { access: "public" },
    });
  });

  it("packs what is built, and the changelog", () => {
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "CHANGELOG.md"]));
  });
});
