import type { Store } from "@evt/core";
import type { RequestHandler, Response } from "express";

/** Where a server kills itself, as by `kill -9`: at its next insert, or its next answer. */
export type KillPoint = "before the insert" | "after the commit" | "in mid-answer";

function die(): void {
  process.kill(process.pid, "SIGKILL");
}

/** The store as it is, but for the process that ends in it. */
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

/** Lets half of an answer go out, and ends with it. */
export function killedInAnswer(point: () => KillPoint | null): RequestHandler {
  return (_req, res, next) => {
    if (point() !== "in mid-answer") return next();
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    res.end = ((body: unknown, ...rest: unknown[]) => {
      if (typeof body !== "string") return end(body, ...rest);
      res.write(body.slice(0, body.length / 2), die);
      return res;
    }) as typeof res.end;
    next();
  };
}
