import { unavailable } from "../problem.js";
import { ownerOf } from "./share-key.js";
import { type Share, Shares } from "./shares.js";

/** How many requests are under way. Callers share what is allowed, so that one of them cannot use up all of it. */
export class Admission {
  readonly #requests: Shares;

  constructor(most: number) {
    this.#requests = new Shares(most);
  }

  /** Lets a request in, until its share is released. @throws Problem 503 where too many are under way */
  admit(key: string): Share {
    const share = this.#requests.of(key);
    const shortage = share.grow(1);
    if (shortage === null) return share;
    const { held, most } = this.#requests;
    const detail =
      shortage === "own"
        ? `this ${ownerOf(key)} has its share of the ${most} requests that may be under way`
        : `${held} requests are under way, which is the limit`;
    throw unavailable("EVT_OVERLOADED", `${detail}; nothing was stored: send it again later`);
  }
}
