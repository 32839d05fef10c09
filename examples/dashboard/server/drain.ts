import type { RequestHandler } from "express";

/**
 * Lets a server end without breaking off what it has begun: requests under way are finished, new ones are told to
 * come again, and the probe of readiness can say meanwhile that this server is going away.
 */
export class Drain {
  #underWay = 0;
  #draining = false;
  #whenIdle: () => void = () => {};

  get draining(): boolean {
    return this.#draining;
  }

  /** Counts requests until they are answered; refuses those that come too late. */
  readonly gate: RequestHandler = (_req, res, next) => {
    if (this.#draining) {
      const problem = {
        title: "Service Unavailable",
        status: 503,
        code: "EVT_DRAINING",
        detail: "shutting down",
      };
      res.status(503).set({ "Retry-After": "1", Connection: "close" });
      res.type("application/problem+json").send(JSON.stringify(problem));
      return;
    }
    this.#underWay++;
    res.once("close", () => {
      this.#underWay--;
      if (this.#underWay === 0) this.#whenIdle();
    });
    next();
  };

  /** From now on nothing new is begun. Resolves when nothing is under way. */
  start(): Promise<void> {
    this.#draining = true;
    if (this.#underWay === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }
}
