import { depth } from "../../../../test/setup/depth.js";
import { allSuites, describeContract, essentialSuites } from "../contract/contract.js";
import { nextMount } from "./next-mount.js";

describeContract(nextMount, depth(essentialSuites, allSuites));
