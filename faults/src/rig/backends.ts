import type { Rig } from "./rig.js";

/** Does something to a backend of the server under test, once there is one in that state; answers its process id. */
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
