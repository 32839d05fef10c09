import { depth } from "../../../../test/setup/depth.js";
import { allSuites, describeContract, essentialSuites } from "../contract/contract.js";
import { nodeMount } from "./node-mount.js";

describeContract(nodeMount, depth(essentialSuites, allSuites));
