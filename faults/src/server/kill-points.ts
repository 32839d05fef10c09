import type { Store } from "@evt/core";
import type { RequestHandler, Response } from "express";

/** The points at which a server kills itself with SIGKILL: at its next insert, or during its next response. */
export type KillPoint = "before the insert" | "after the commit" | "during the response";

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** Returns a store whose `insert` kills the process at the given point. */
export function killedInStore<S extends Store>(store: S, point: () => KillPoint | null): S {
  const insert: Store["insert"] = async (records, call) => {
    if (point() === "before the insert") die();
    const outcomes = await store.insert(records, call);
    if (point() === "after the commit") die();
    return outcomes;
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === "insert") return insert;
      const own: unknown = Reflect.get(target, name);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

/** Returns middleware that, if armed, sends half of a response and then kills the process. */
export function killedInResponse(point: () => KillPoint | null): RequestHandler {
  return (_req, res, next) => {
    if (point() !== "during the response") return next();
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    res.end = ((body: unknown, ...rest: unknown[]) => {
      if (typeof body !== "string") return end(body, ...rest);
      res.write(body.slice(0, body.length / 2), die);
      return res;
    }) as typeof res.end;
    next();
  };
}
