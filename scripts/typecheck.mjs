import { join } from "node:path";
import { setUp } from "./set-up.mjs";
import { closeWith, tally } from "./tally.mjs";
import { tool } from "./tool.mjs";
import { root } from "./workspace.mjs";

await setUp();
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
closeWith(
  await tally(
    { "types of everything that runs in Node": tool(tsc, ["--project", "tsconfig.json"]) },
    { "types of the page": tool(tsc, ["--noEmit", "--project", "examples/dashboard/web/tsconfig.json"]) },
  ),
);
