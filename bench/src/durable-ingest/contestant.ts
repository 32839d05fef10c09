import { argument, disconnected, send } from "@evt/programs/parent";
import { makeLoad } from "../load/load.js";
import type { Arena } from "./arena.js";
import { CONTESTANTS } from "./contestants.js";

/** One measuring of one row. */
export interface ContestantRequest extends Omit<Arena, "load" | "agree"> {
  readonly row: string;
  readonly batches: number;
  /** When the last event happened, in Unix milliseconds. */
  readonly endMs: number;
}

export interface ContestantAnswer {
  readonly value: number;
  /** What the tables hold in the end, from those who must leave the same there. */
  readonly digest?: string;
}

const { row, batches, endMs, ...rest } = argument<ContestantRequest>();
const make = CONTESTANTS.get(row);
if (make === undefined) throw new Error(`nobody is called ${row}`);
const load = await makeLoad(batches, endMs);
let left: Pick<ContestantAnswer, "digest"> = {};
const agree = (digest: string) => {
  left = { digest };
};
const measure = await make({ ...rest, load, agree });
const value = await measure();
send({ value, ...left } satisfies ContestantAnswer);
await disconnected();
process.exit();
