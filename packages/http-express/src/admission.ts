import type { Response } from "express";
import { Problem } from "./problem.js";
import { RETRY_AFTER } from "./reply.js";

/** How many requests are under way; no more are begun than allowed. */
export class Admission {
  readonly #most: number;
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Lets a request in, until it is answered or its client is gone. @throws Problem 503 where too many are */
  admit(res: Response): void {
    if (this.#underWay >= this.#most) throw full(this.#underWay);
    this.#underWay++;
    res.once("close", () => this.#underWay--);
  }
}

function full(underWay: number): Problem {
  const detail = `${underWay} requests are under way, which is the limit; nothing was stored: send it again later`;
  return new Problem(503, "EVT_OVERLOADED", detail, { headers: RETRY_AFTER });
}
