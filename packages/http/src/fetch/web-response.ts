import { type HttpResponse, isWithoutContent, type StreamedResponse } from "../responses/http-response.js";
import { type DeliveryLimits, requireRoom, uncounted } from "../responses/response-budget.js";
import { responseHeaders } from "../responses/response-headers.js";
import { Pace } from "../sharing/pace.js";

/** A body up to this size is handed over in one piece. The Fetch API does not show when the client receives it. */
const SMALL_BODY = 64 * 1024;
/** A larger body is handed over in pieces of this size, so that `Pace` can measure the progress. */
const PIECE = 64 * 1024;

/**
 * Creates a response of the Fetch API. A large body is a stream: it counts against the memory for responses until the host
 * has read it, and fails if the host reads it too slowly.
 * @throws Problem 503 if a large body does not fit into the memory for responses
 */
export function webResponse(
  response: HttpResponse<string | Buffer>,
  isHead: boolean,
  limits: DeliveryLimits = uncounted,
): Response {
  const { status, body } = response;
  if (isWithoutContent(status)) return new Response(null, { status, headers: { ...response.headers } });
  const length = Buffer.byteLength(body);
  const init = { status, headers: webHeaders(response, length) };
  if (isHead) return new Response(null, init);
  if (length <= SMALL_BODY) return new Response(typeof body === "string" ? body : new Uint8Array(body), init);
  requireRoom(limits, length);
  return new Response(pacedStream(Buffer.from(body), limits), init);
}

/** A response of the Fetch API. `over` resolves when the host has read or cancelled the body, and rejects if `parts` throws. */
interface StreamedWebResponse {
  readonly response: Response;
  readonly over: Promise<void>;
}

/** Creates a response from parts. If the host reads a part too slowly, the stream fails. */
export function streamedWebResponse(
  streamed: StreamedResponse,
  { pace: limits }: DeliveryLimits,
): StreamedWebResponse {
  const parts = streamed.parts[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let end: (error?: unknown) => void = () => undefined;
  const over = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  let fail: (error: Error) => void = () => undefined;
  // measures the time that the host takes, so that a response which the host never reads also ends
  const hold = () =>
    new Pace(limits, () => {
      fail(new Error("the client receives the response too slowly"));
      void parts.return?.();
      end();
    });
  let pace = hold();
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error);
      },
      async pull(controller) {
        pace.stop();
        try {
          const { done, value } = await parts.next();
          if (done) {
            controller.close();
            return end();
          }
          // after an empty piece, the host would not ask for another one
          controller.enqueue(encoder.encode(value === "" ? "\n" : value));
          pace = hold();
        } catch (error) {
          controller.error(error);
          end(error);
        }
      },
      async cancel() {
        pace.stop();
        end();
        await parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = new Headers(responseHeaders(streamed, undefined) as Record<string, string>);
  return { response: new Response(body, { status: streamed.status, headers }), over };
}

/** Omits `Connection`, which belongs to the host and is invalid in HTTP/2 (RFC 9113, section 8.2.2). */
function webHeaders(response: HttpResponse<string | Buffer>, length: number): Headers {
  const { "Content-Length": size, ...others } = responseHeaders(response, length);
  const headers = new Headers(others as Record<string, string>);
  headers.set("Content-Length", String(size));
  headers.delete("Connection");
  return headers;
}

function pacedStream(bytes: Buffer, { pace: limits, share }: DeliveryLimits): ReadableStream<Uint8Array> {
  let given = 0;
  let fail: (error: Error) => void = () => undefined;
  const pace = new Pace(limits, () => {
    share.release();
    fail(new Error("the client receives the response too slowly"));
  });
  const over = () => {
    pace.stop();
    share.release();
  };
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error);
      },
      // called for a further piece when the host has taken the last one
      pull(controller) {
        if (given > 0) pace.moved(PIECE);
        if (given === bytes.length) {
          over();
          return controller.close();
        }
        const piece = bytes.subarray(given, given + PIECE);
        given += piece.length;
        controller.enqueue(piece);
      },
      cancel: over,
    },
    { highWaterMark: 0 },
  );
}
