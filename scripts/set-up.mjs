import { ensureDependencies } from "./dependencies.mjs";
import { checkNodeVersion } from "./node-version.mjs";
import { oneAtATime } from "./one-at-a-time.mjs";

/** What every command does first: the right Node, what the lockfile names, and the builds the command asks for. */
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
