import type { IncomingMessage, ServerResponse } from "node:http";
import type { StreamedResponse } from "../responses/http-response.js";
import type { DeliveryLimits } from "../responses/response-budget.js";
import { responseHeaders } from "../responses/response-headers.js";
import { Pace } from "../sharing/pace.js";
import { cut } from "./held-response.js";
import { afterDiscarding } from "./send.js";

/** A part is written in pieces of this size, so that `Pace` can measure the progress. */
const PIECE = 64 * 1024;

/**
 * Sends a response in parts. If the client receives a part too slowly for `limits`, closes the connection. The time to make a
 * part does not count.
 */
export async function streamParts(
  req: IncomingMessage,
  res: ServerResponse,
  response: StreamedResponse,
  limits: DeliveryLimits,
): Promise<void> {
  res.writeHead(response.status, responseHeaders(response, undefined));
  try {
    for await (const part of response.parts)
      if (!(await written(req, res, Buffer.from(part), limits))) return;
  } catch (error) {
    res.destroy();
    throw error;
  }
  res.end();
  // if the client still sends, closing the connection immediately could lose the end of the response
  if (!req.complete) afterDiscarding(req, () => req.socket.destroySoon())();
}

/** Returns whether the whole part was written. */
async function written(
  { socket }: IncomingMessage,
  res: ServerResponse,
  part: Buffer,
  { pace: limits }: DeliveryLimits,
): Promise<boolean> {
  const pace = new Pace(limits, () => cut(socket));
  try {
    for (let begin = 0; begin < part.length; begin += PIECE) {
      const piece = part.subarray(begin, begin + PIECE);
      if (!(await isWritten(res, piece))) return false;
      pace.moved(piece.length);
    }
    return true;
  } finally {
    pace.stop();
  }
}

function isWritten(res: ServerResponse, piece: Buffer): Promise<boolean> {
  if (res.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const closed = () => resolve(false);
    res.once("close", closed);
    res.write(piece, (error) => {
      res.off("close", closed);
      resolve(error == null);
    });
  });
}
