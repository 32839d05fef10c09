import { setTimeout as sleep } from "node:timers/promises";
import type { Rig } from "./rig.js";

/** Waits for a backend of the tested server in this state, runs `action` on it and returns its process ID. */
export async function backendOf(
  rig: Rig,
  state: "idle" | "active" | "any",
  action: "pg_terminate_backend" | "pg_cancel_backend" | "pg_backend_pid",
): Promise<number> {
  const done = action === "pg_backend_pid" ? "true" : `${action}(pid)`;
  for (;;) {
    const [backend] = await rig.admin(
      `select pid, ${done} as done
         from (select pid from pg_stat_activity
                where application_name = 'evt-faults' and ($1 = 'any' or state = $1)
                order by random() limit 1) as one`,
      [state],
    );
    if (backend?.["done"] === true) return Number(backend["pid"]);
  }
}

/**
 * Kills a backend as the kernel would, by default one of the tested server. Postgres then ends all processes that share its
 * memory and restarts them. Resolves after the restart.
 */
export async function crashBackend(rig: Rig, pid?: number): Promise<void> {
  const begun = async () => {
    const [row] = await rig.admin(
      "select backend_start::text as at from pg_stat_activity where backend_type = 'checkpointer'",
    );
    return row?.["at"];
  };
  const before = await begun();
  process.kill(pid ?? (await backendOf(rig, "any", "pg_backend_pid")), "SIGKILL");
  for (;;) {
    // during recovery no connection is possible, and shortly after the recovery there is no checkpointer
    const now = await begun().catch(() => undefined);
    if (now !== undefined && now !== before) return;
    await sleep(2);
  }
}
