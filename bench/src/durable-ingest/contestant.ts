import { argument, disconnected, send } from "@evt/programs/parent";
import { makeLoad } from "../load/load.js";
import type { Arena } from "./arena.js";
import { CONTESTANTS } from "./contestants.js";

/** One measurement of one row. */
export interface ContestantRequest extends Omit<Arena, "load" | "agree"> {
  readonly row: string;
  readonly batches: number;
  /** The time of the last event, in Unix milliseconds. */
  readonly endMs: number;
}

export interface ContestantResult {
  readonly value: number;
  /** The digest of the tables, if other contestants must store the same rows. */
  readonly digest?: string;
}

const { row, batches, endMs, ...rest } = argument<ContestantRequest>();
const make = CONTESTANTS.get(row);
if (make === undefined) throw new Error(`there is no contestant ${row}`);
const load = await makeLoad(batches, endMs);
let result: Pick<ContestantResult, "digest"> = {};
const agree = (digest: string) => {
  result = { digest };
};
const measure = await make({ ...rest, load, agree });
const value = await measure();
send({ value, ...result } satisfies ContestantResult);
await disconnected();
process.exit();
