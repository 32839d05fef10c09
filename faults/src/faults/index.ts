import type { Fault } from "../harness/fault.js";
import { serverKilled } from "./f01-server-killed.js";

/** The matrix, in its order. */
export const FAULTS: readonly Fault[] = [serverKilled];
