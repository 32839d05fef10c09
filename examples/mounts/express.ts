import { createServer } from "node:http";
import { createDrain, createEventRouter, createHealthRouter, serverLimits } from "@evt/http-express";
import express from "express";
import { callerOf, evt } from "./evt.js";

const drain = createDrain();
const app = express();
app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
app.use(drain.gate);
app.use("/api", createEventRouter({ evt, authenticate: (req) => callerOf(req.headers.authorization) }));
app.use(express.json()); // for your own routes: after evt's

export const server = createServer(serverLimits, app);
