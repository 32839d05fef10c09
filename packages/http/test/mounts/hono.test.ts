import { describeContract } from "../contract/contract.js";
import { honoMount } from "./hono-mount.js";

describeContract(honoMount);
