import { join } from "node:path";
import { setUp } from "./set-up.mjs";
import { closeWith, tally } from "./tally.mjs";
import { tool } from "./tool.mjs";
import { root } from "./workspace.mjs";

await setUp();
const modules = join(root, "node_modules");
closeWith(
  await tally(
    { "eslint: every promise is handled": tool(join(modules, "eslint", "bin", "eslint.js"), ["."]) },
    {
      "biome: format and lint": tool(join(modules, "@biomejs", "biome", "bin", "biome"), ["ci", "."]),
      "knip: no unused file, export or dependency": tool(join(modules, "knip", "bin", "knip.js"), []),
    },
  ),
);
