import type { RequestHandler } from "express";
import { Problem, problemReply } from "../problem.js";
import { send, watch } from "./send.js";

/** Answers every other method on a path: `OPTIONS` with those it has, the rest with 405 (RFC 9110, section 15.5.6). */
export function methodNotAllowed(...methods: readonly string[]): RequestHandler {
  const headers = { Allow: methods.join(", ") };
  const problem = (method: string) =>
    new Problem(405, "EVT_METHOD_NOT_ALLOWED", `${method} is not for this path; it takes ${headers.Allow}`, {
      headers,
    });
  return (req, res) => {
    if (req.method !== "OPTIONS") return send(req, res, problemReply(problem(req.method)));
    res.writeHead(204, headers).end();
    watch(req, res);
  };
}
