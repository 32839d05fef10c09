import { Readable } from "node:stream";
import { type FindRoute, NodeExchange, withoutBase } from "@evt/http";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Options that `register` of Fastify reads. It passes them on to the plugin. */
export const REGISTER_OPTIONS: readonly string[] = ["prefix", "logLevel", "logSerializers"];

/** The error of Fastify for a `Content-Type` that is malformed. */
const MALFORMED_TYPE = "FST_ERR_CTP_INVALID_MEDIA_TYPE";

/**
 * Serves the requests that `find` finds. All other requests go to the host's handler for unknown paths. Fastify's router sees
 * one route, so that its options do not change which paths evt serves.
 */
export function serveFound(app: FastifyInstance, find: FindRoute<FastifyRequest>): void {
  const strip = withoutBase(app.prefix);
  const serve = (request: FastifyRequest, reply: FastifyReply) => {
    const url = strip(request.raw.url ?? "");
    const found = url === undefined ? undefined : find(request.method, url);
    if (url === undefined || found === undefined) return reply.callNotFound();
    keepHeaders(reply);
    reply.hijack();
    const options = { ...bodyOf(request), native: request, url, id: found.id };
    return found.respond(new NodeExchange(request.raw, reply.raw, options));
  };
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.code === MALFORMED_TYPE) return serve(request, reply); // evt's own response to it is a problem
    throw error; // to the host's error handler
  });
  app.all("/*", serve);
}

/** Passes on the headers that hooks have set, such as those of `@fastify/cors` and `@fastify/helmet`. */
function keepHeaders(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
}

/** A `preParsing` hook may have replaced the stream. A middleware of Node may have parsed the body before Fastify. */
function bodyOf({ body, raw }: FastifyRequest): { readonly body?: Readable; readonly parsedBody?: unknown } {
  if (body instanceof Readable && body !== raw) return { body };
  const { body: parsedBody } = raw as { readonly body?: unknown };
  return { parsedBody };
}
