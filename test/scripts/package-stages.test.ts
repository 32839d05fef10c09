import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { packageFolders, packageStages, packagesNeededBy, root } from "../../scripts/workspace.mjs";

it("build stages put each package after its dependencies", () => {
  const built = new Set<string>();
  for (const stage of packageStages()) {
    for (const { needs } of stage) expect(needs.filter((need) => !built.has(need))).toEqual([]);
    for (const { folder } of stage) built.add(folder);
  }
  expect([...built]).toEqual(packageFolders());
  expect([...built].map((folder) => basename(folder)).sort()).toEqual([
    "api-keys",
    "core",
    "http",
    "http-express",
    "http-fastify",
    "rate-limits",
    "store-conformance",
    "store-memory",
    "store-postgres",
    "webhooks",
  ]);
});

it("the example is built with its direct and indirect dependencies", () => {
  const needed = [...packagesNeededBy(join(root, "examples", "dashboard"))].map((folder) => basename(folder));
  expect(needed.sort()).toEqual(["core", "http", "http-express", "store-memory", "store-postgres"]);
});
