import { ensureDependencies } from "./dependencies.mjs";
import { checkNodeVersion } from "./node-version.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";

/**
 * Prepares a command: checks the Node version, installs the dependencies and builds everything that the command
 * needs.
 */
export async function setUp(...builds) {
  checkNodeVersion();
  try {
    await oneAtATime(async () => {
      await ensureDependencies();
      for (const build of builds) await build();
    });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
