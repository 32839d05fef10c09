import { unavailable } from "../problem.js";
import { ownerOf } from "./share-key.js";
import { type Share, Shares } from "./shares.js";

/** Limits the number of requests in progress. Callers share the limit, so that one caller cannot use it up. */
export class Admission {
  readonly #requests: Shares;

  constructor(most: number) {
    this.#requests = new Shares(most);
  }

  /** Admits a request until its share is released. @throws Problem 503 if too many are in progress */
  admit(key: string): Share {
    const share = this.#requests.of(key);
    const shortage = share.grow(1);
    if (shortage === null) return share;
    const { held, most } = this.#requests;
    const detail =
      shortage === "own"
        ? `this ${ownerOf(key)} already uses its share of the limit of ${most} requests in progress`
        : `${held} requests are in progress; the limit is ${most}`;
    throw unavailable("EVT_OVERLOADED", `${detail}; nothing was stored: send the request again later`);
  }
}
