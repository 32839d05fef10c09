import { depth } from "../../../test/setup/depth.js";
import { allSuites, describeContract, essentialSuites } from "../../http/test/contract/contract.js";
import { fastifyMount } from "./fastify-mount.js";

describeContract(fastifyMount, depth(essentialSuites, allSuites));
